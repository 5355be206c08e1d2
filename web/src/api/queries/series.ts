/* Weekly series: which there are, one of them, and its days. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, call } from '../client'
import { keys } from '../live'
import type { Session } from '../types'
import { useChange } from './change'
import { allSessions, type Series } from './timetable'

/* Under the sessions: whatever is told to change them changes what is known of their series. */
const SERIES = [...keys.sessions, 'series'] as const

export const seriesListQuery = (group: number | undefined) =>
  infiniteQueryOptions({
    queryKey: [...SERIES, 'list', group ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/series', {
          params: {
            query: {
              limit: 50,
              ...(group ? { group_id: group } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })

export const seriesQuery = (id: number) =>
  queryOptions({
    queryKey: [...SERIES, 'one', id],
    queryFn: ({ signal }): Promise<Series> =>
      call(api.GET('/api/v1/series/{series_id}', { params: { path: { series_id: id } }, signal })),
  })

export const seriesDaysQuery = (id: number) =>
  queryOptions({
    queryKey: [...SERIES, 'days', id],
    queryFn: ({ signal }): Promise<Session[]> => allSessions({ series_id: id }, signal),
  })

const TOUCHED = [keys.sessions]

/* Leaves a day out; who is concerned is told why. */
export const useLeaveOut = (id: number) =>
  useChange(TOUCHED, ({ day, reason }: { day: string; reason: string }) =>
    call(
      api.POST('/api/v1/series/{series_id}/exceptions', {
        params: { path: { series_id: id } },
        body: { day, reason },
      }),
    ),
  )

export const useGiveBack = (id: number) =>
  useChange(TOUCHED, (day: string) =>
    call(
      api.DELETE('/api/v1/series/{series_id}/exceptions/{day}', {
        params: { path: { series_id: id, day } },
      }),
    ),
  )
