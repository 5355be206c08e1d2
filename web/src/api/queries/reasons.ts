/* Reasons for absences: which there are is up to the school. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, call, ifMatch } from '../client'
import type { components } from '../schema.gen'
import { useChange } from './change'

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

const TOUCHED = [REASONS]

export const useAddReason = () =>
  useChange(TOUCHED, (body: NewReason) => call(api.POST('/api/v1/absence-reasons', { body })))

export const useChangeReason = () =>
  useChange(TOUCHED, ({ reason, body }: { reason: Reason; body: ReasonChange }) =>
    call(
      api.PATCH('/api/v1/absence-reasons/{reason_id}', {
        params: { path: { reason_id: reason.id }, header: ifMatch(reason.version) },
        body,
      }),
    ),
  )
