/* The timetable: one week of sessions, and what is planned, changed and asked for. */
import { queryOptions } from '@tanstack/react-query'
import { api, call, ifMatch } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'
import type { Session } from '../types'
import { useChange } from './change'

type Schemas = components['schemas']
export type Series = Schemas['series']
export type NewSeries = Schemas['series_new']
export type SeriesChange = Schemas['series_change']
export type Scope = SeriesChange['scope']
export type SessionChange = Schemas['session_change']
export type SessionRequest = Schemas['session_request']
export type NewRequest = Schemas['session_request_new']
export type NewLesson = Schemas['session_new']

export type WeekFilter = {
  from: string
  to: string
  group_id?: number
  trainer_id?: number
  room_id?: number
}

const MOST = 200
const REQUESTS = ['session-requests'] as const

/* Page after page, since a week of a school or a year of a series has more than one of them. */
export async function allSessions(
  filter: WeekFilter | { series_id: number },
  signal: AbortSignal,
): Promise<Session[]> {
  const items: Session[] = []
  let cursor: string | null | undefined
  do {
    const query = { ...filter, limit: MOST, ...(cursor ? { cursor } : {}) }
    const page = await call(api.GET('/api/v1/sessions', { params: { query }, signal }))
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor && items.length < 5 * MOST)
  return items
}

export const weekQuery = (filter: WeekFilter) =>
  queryOptions({
    queryKey: [...keys.sessions, 'week', filter],
    queryFn: ({ signal }) => allSessions(filter, signal),
  })

export const requestsQuery = queryOptions({
  queryKey: REQUESTS,
  queryFn: ({ signal }) =>
    call(api.GET('/api/v1/session-requests', { params: { query: { limit: 50 } }, signal })),
})

const TOUCHED = [keys.sessions, REQUESTS]

const usePlanChange = <A, T>(run: (arg: A) => Promise<T>) =>
  useChange(TOUCHED, run, { atOnce: true })

export const usePlanOne = () =>
  usePlanChange((body: NewLesson) => call(api.POST('/api/v1/sessions', { body })))

export const usePlanSeries = () =>
  usePlanChange((body: NewSeries) => call(api.POST('/api/v1/series', { body })))

export const useAsk = () =>
  usePlanChange((body: NewRequest) => call(api.POST('/api/v1/session-requests', { body })))

export type Edit = { session: Session; scope: Scope; one: SessionChange; many: SeriesEdit }
export type SeriesEdit = Omit<SeriesChange, 'scope' | 'day'>

const seriesOf = (id: number) =>
  call(api.GET('/api/v1/series/{series_id}', { params: { path: { series_id: id } } }))

/* A session by itself, or its series from its day on or as a whole. */
export const useEdit = () =>
  usePlanChange(async ({ session, scope, one, many }: Edit): Promise<unknown> => {
    if (scope === 'this' || session.series_id === null || session.series_day === null) {
      return call(
        api.PATCH('/api/v1/sessions/{session_id}', {
          params: { path: { session_id: session.id }, header: ifMatch(session.version) },
          body: one,
        }),
      )
    }
    const series = await seriesOf(session.series_id)
    return call(
      api.PATCH('/api/v1/series/{series_id}', {
        params: { path: { series_id: series.id }, header: ifMatch(series.version) },
        body: { ...many, scope, day: session.series_day },
      }),
    )
  })

type Cancel = { session: Session; scope: Scope; reason: string }

export const useCancel = () =>
  usePlanChange(async ({ session, scope, reason }: Cancel): Promise<unknown> => {
    if (scope === 'this' || session.series_id === null || session.series_day === null) {
      return call(
        api.POST('/api/v1/sessions/{session_id}/cancel', {
          params: { path: { session_id: session.id } },
          body: { reason },
        }),
      )
    }
    const series = await seriesOf(session.series_id)
    return call(
      api.DELETE('/api/v1/series/{series_id}', {
        params: {
          path: { series_id: series.id },
          query: { scope, day: session.series_day, reason },
          header: ifMatch(series.version),
        },
      }),
    )
  })

type Substitute = { id: number; trainer: number; reason: string; allowClash: boolean }

export const useSubstitute = () =>
  usePlanChange(({ id, trainer, reason, allowClash }: Substitute) =>
    call(
      api.POST('/api/v1/sessions/{session_id}/substitute', {
        params: { path: { session_id: id } },
        body: { trainer_id: trainer, reason, allow_clash: allowClash },
      }),
    ),
  )

export const useSubstituteEnd = () =>
  usePlanChange((id: number) =>
    call(
      api.DELETE('/api/v1/sessions/{session_id}/substitute', {
        params: { path: { session_id: id } },
      }),
    ),
  )

type Verdict = { id: number; approve: boolean; reason: string; allowClash: boolean }

export const useDecide = () =>
  usePlanChange(({ id, approve, reason, allowClash }: Verdict) => {
    const params = { path: { request_id: id } }
    return approve
      ? call(
          api.POST('/api/v1/session-requests/{request_id}/approve', {
            params,
            body: { allow_clash: allowClash },
          }),
        )
      : call(api.POST('/api/v1/session-requests/{request_id}/reject', { params, body: { reason } }))
  })

export const useWithdraw = () =>
  usePlanChange((request: SessionRequest) =>
    call(
      api.PATCH('/api/v1/session-requests/{request_id}', {
        params: { path: { request_id: request.id }, header: ifMatch(request.version) },
        body: { withdraw: true },
      }),
    ),
  )
