/* Around registers: codes, marks in bulk, hand-overs, what is missing, disputed or to be looked at. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, call } from '../client'
import { keys, putRecord } from '../live'
import type { Claim, Dispute, MarkStatus, Page, Signal } from '../types'
import { useChange } from './change'

const REVIEW = ['review'] as const
const page = (cursor: string) => ({ limit: 20, ...(cursor ? { cursor } : {}) })
/* Queues change by other people's hands: they are asked for again while they are looked at. */
const AGAIN_MS = 60_000

export const statusCodesQuery = queryOptions({
  queryKey: ['status-codes'],
  queryFn: ({ signal }) => call(api.GET('/api/v1/status-codes', { signal })),
  staleTime: 10 * 60_000,
})

export const notTakenQuery = infiniteQueryOptions({
  queryKey: [...REVIEW, 'not-taken'],
  queryFn: ({ pageParam, signal }) =>
    call(api.GET('/api/v1/registers/not-taken', { params: { query: page(pageParam) }, signal })),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor ?? undefined,
  refetchInterval: AGAIN_MS,
})

export const disputesQuery = (state: Dispute['state'] | undefined) =>
  infiniteQueryOptions({
    queryKey: [...REVIEW, 'disputes', state ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/disputes', {
          params: { query: { ...page(pageParam), ...(state ? { state } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: AGAIN_MS,
  })

/* The newest hundred of one student: as many as the list of marks shows. */
export const ownDisputesQuery = (studentId: number) =>
  queryOptions({
    queryKey: [...REVIEW, 'own', studentId],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/disputes', {
          params: { query: { student_id: studentId, limit: 200 } },
          signal,
        }),
      ),
  })

export const signalsQuery = (state: Signal['state'] | undefined) =>
  infiniteQueryOptions({
    queryKey: [...REVIEW, 'signals', state ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/signals', {
          params: { query: { ...page(pageParam), ...(state ? { state } : {}) } },
          signal,
        }),
      ) as Promise<Page<Signal>>,
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: AGAIN_MS,
  })

export function useDispute() {
  return useChange([REVIEW], (d: { sessionId: number; claimed: Claim; message: string }) =>
    call(
      api.POST('/api/v1/sessions/{session_id}/disputes', {
        params: { path: { session_id: d.sessionId } },
        body: { claimed: d.claimed, message: d.message },
      }),
    ),
  )
}

export function useWithdraw() {
  return useChange([REVIEW], (id: number) =>
    call(api.DELETE('/api/v1/disputes/{dispute_id}', { params: { path: { dispute_id: id } } })),
  )
}

export function useDecide() {
  return useChange(
    [REVIEW],
    ({ id, accept, message }: { id: number; accept: boolean; message: string }) => {
      const params = { path: { dispute_id: id } }
      return accept
        ? call(
            api.POST('/api/v1/disputes/{dispute_id}/accept', {
              params,
              body: message ? { message } : {},
            }),
          )
        : call(api.POST('/api/v1/disputes/{dispute_id}/reject', { params, body: { message } }))
    },
  )
}

export function useReview() {
  return useChange(
    [REVIEW],
    (v: { id: number; outcome: 'harmless' | 'confirmed'; message: string }) =>
      call(
        api.POST('/api/v1/signals/{signal_id}/review', {
          params: { path: { signal_id: v.id } },
          body: v.message ? { outcome: v.outcome, message: v.message } : { outcome: v.outcome },
        }),
      ),
  )
}

export function useHandOver(sessionId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (to: { trainerId: number; reason: string }) =>
      call(
        api.POST('/api/v1/sessions/{session_id}/hand-over', {
          params: { path: { session_id: sessionId } },
          body: { trainer_id: to.trainerId, reason: to.reason },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sessions }),
  })
}

/* Marks everybody without a mark, except the given students. */
export function useMarkRest(sessionId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ status, allBut }: { status: MarkStatus; allBut: number[] }) =>
      call(
        api.POST('/api/v1/sessions/{session_id}/attendance/bulk', {
          params: { path: { session_id: sessionId } },
          body: { status, all_but: allBut, only_unmarked: true },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.register(sessionId) }),
  })
}

/* Takes back what was marked together, one after the other. */
export function useUndoAll(sessionId: number, onError: (error: Error) => void) {
  return useMutation({
    onError,
    mutationFn: async (students: readonly number[]) => {
      for (const studentId of students)
        putRecord(
          await call(
            api.POST('/api/v1/sessions/{session_id}/attendance/{student_id}/undo', {
              params: { path: { session_id: sessionId, student_id: studentId } },
            }),
          ),
        )
    },
  })
}
