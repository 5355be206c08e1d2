/* What happened to a register as a whole: its steps, who gave it to whom, and whether its chain holds. */
import { infiniteQueryOptions, useMutation } from '@tanstack/react-query'
import { api, call } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'

export type Step = components['schemas']['session_step']

const ofSession = (session_id: number, cursor: string) => ({
  path: { session_id },
  query: { limit: 20, ...(cursor ? { cursor } : {}) },
})

export const stepsQuery = (sessionId: number) =>
  infiniteQueryOptions({
    queryKey: [...keys.history(sessionId), 'steps'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/sessions/{session_id}/history', {
          params: ofSession(sessionId, pageParam),
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    staleTime: 0,
  })

export const handOversQuery = (sessionId: number) =>
  infiniteQueryOptions({
    queryKey: [...keys.history(sessionId), 'hand-overs'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/sessions/{session_id}/hand-overs', {
          params: ofSession(sessionId, pageParam),
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    staleTime: 0,
  })

/* It reads the whole chain: only when somebody asks for it. */
export const useCheckChain = (session_id: number) =>
  useMutation({
    mutationFn: () =>
      call(api.GET('/api/v1/ledger/verification', { params: { query: { session_id } } })),
  })
