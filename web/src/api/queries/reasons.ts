/* Reasons for absences: which there are is up to the school. */
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call, ifMatch } from '../client'
import type { components } from '../schema.gen'

type Schemas = components['schemas']
export type Reason = Schemas['absence_reason']
export type NewReason = Schemas['absence_reason_new']
export type ReasonChange = Schemas['absence_reason_change']

const REASONS = ['absence-reasons'] as const

export const reasonListQuery = (archived: boolean) =>
  infiniteQueryOptions({
    queryKey: [...REASONS, 'list', archived],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/absence-reasons', {
          params: { query: { archived, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })

function useChange<A>(run: (arg: A) => Promise<Reason>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSettled: () => client.invalidateQueries({ queryKey: REASONS }),
  })
}

export const useAddReason = () =>
  useChange((body: NewReason) => call(api.POST('/api/v1/absence-reasons', { body })))

export const useChangeReason = () =>
  useChange(({ reason, body }: { reason: Reason; body: ReasonChange }) =>
    call(
      api.PATCH('/api/v1/absence-reasons/{reason_id}', {
        params: { path: { reason_id: reason.id }, header: ifMatch(reason.version) },
        body,
      }),
    ),
  )
