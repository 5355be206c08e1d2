/* Reports of attendance, and alerts about absences. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, call, ifMatch } from '../client'
import type { components } from '../schema.gen'

type Schemas = components['schemas']
export type GroupReport = Schemas['report_group']
export type StudentFigures = Schemas['report_student']
export type Level = StudentFigures['level']
export type Alert = Schemas['alert']
export type AlertState = Alert['state']

const ALERTS = ['alerts'] as const

export const groupReportQuery = (id: number) =>
  queryOptions({
    queryKey: ['reports', 'group', id],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/reports/groups/{group_id}', {
          params: { path: { group_id: id } },
          signal,
        }),
      ),
  })

export const groupCsv = (id: number) => `/api/v1/reports/groups/${id}/csv?bom=true`

export const alertsQuery = (state: AlertState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...ALERTS, state ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/alerts', {
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

type Change = { alert: Alert; state: AlertState; message?: string }

export function useChangeAlert() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ alert, ...body }: Change) =>
      call(
        api.PATCH('/api/v1/alerts/{alert_id}', {
          params: { path: { alert_id: alert.id }, header: ifMatch(alert.version) },
          body,
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ALERTS }),
  })
}
