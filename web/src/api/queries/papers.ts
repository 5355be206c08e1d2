/* Justifications: lists, one of them, what is done with it, and its papers. */
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, call, ifMatch } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'
import { useChange } from './change'

type Schemas = components['schemas']
export type Paper = Schemas['justification']
export type PaperItem = Schemas['justification_item']
export type PaperState = Paper['state']
export type Reason = Schemas['absence_reason']
export type NewPaper = Schemas['justification_new']
export type Decision = Schemas['justification_decision']['decision']

export const PAPERS = ['justifications'] as const
const one = (id: number) => ({ params: { path: { justification_id: id } } })

export const papersQuery = (state: PaperState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...PAPERS, 'list', state ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/justifications', {
          params: {
            query: {
              limit: 30,
              ...(state ? { state } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })

export const paperQuery = (id: number) =>
  queryOptions({
    queryKey: [...PAPERS, 'one', id],
    queryFn: ({ signal }) =>
      call(api.GET('/api/v1/justifications/{justification_id}', { ...one(id), signal })),
  })

export const reasonsQuery = queryOptions({
  queryKey: ['absence-reasons'],
  queryFn: ({ signal }) =>
    call(api.GET('/api/v1/absence-reasons', { params: { query: { limit: 200 } }, signal })),
})

export const wardsQuery = queryOptions({
  queryKey: ['wards'],
  queryFn: ({ signal }) =>
    call(api.GET('/api/v1/guardians/me/students', { params: { query: { limit: 50 } }, signal })),
})

function usePaperChange<A>(run: (arg: A) => Promise<Paper>) {
  const client = useQueryClient()
  return useChange([PAPERS, keys.students], run, {
    onSuccess: (paper) => client.setQueryData([...PAPERS, 'one', paper.id], paper),
    atOnce: true,
  })
}

export const useMakePaper = () =>
  usePaperChange((body: NewPaper) => call(api.POST('/api/v1/justifications', { body })))

export const useSay = (id: number) =>
  usePaperChange((message: string) =>
    call(
      api.POST('/api/v1/justifications/{justification_id}/messages', {
        ...one(id),
        body: { message },
      }),
    ),
  )

export const useSign = (id: number) =>
  usePaperChange((statement: string) =>
    call(
      api.POST('/api/v1/justifications/{justification_id}/sign', {
        ...one(id),
        body: { statement },
      }),
    ),
  )

export const useWithdraw = (id: number) =>
  usePaperChange((_: undefined) =>
    call(api.POST('/api/v1/justifications/{justification_id}/withdraw', one(id))),
  )

export const useRevoke = (id: number) =>
  usePaperChange((message: string) =>
    call(
      api.POST('/api/v1/justifications/{justification_id}/revoke', {
        ...one(id),
        body: { message },
      }),
    ),
  )

type Verdict = { decision: Decision; message: string; bare: boolean; version: number }

export const useDecide = (id: number) =>
  usePaperChange(({ decision, message, bare, version }: Verdict) =>
    call(
      api.PUT('/api/v1/justifications/{justification_id}/decision', {
        params: { path: { justification_id: id }, header: ifMatch(version) },
        body: {
          decision,
          ...(message ? { message } : {}),
          ...(bare ? { without_document: true } : {}),
        },
      }),
    ),
  )

export const useDropDocument = (id: number) =>
  useChange([PAPERS], (document_id: number) =>
    call(
      api.DELETE('/api/v1/justifications/{justification_id}/documents/{document_id}', {
        params: { path: { justification_id: id, document_id } },
      }),
    ),
  )

/* A plain link: the server says that it is to be saved. */
export const documentFile = (id: number, document: number) =>
  `/api/v1/justifications/${id}/documents/${document}`
