/* What readers at doors have sent, the last received first. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, call } from '../client'
import type { components } from '../schema.gen'

export type Punch = components['schemas']['punch']
export type PunchOutcome = Punch['outcome']

/* Readers send at any time: the list is asked for again while it is looked at. */
const AGAIN_MS = 30_000

export const punchesQuery = (filter: { outcome?: PunchOutcome; device_id?: number }) =>
  infiniteQueryOptions({
    queryKey: ['punches', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/punches', {
          params: {
            query: { ...filter, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: AGAIN_MS,
  })
