/* Days on which series do not take place, typed in or taken from a calendar file. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, call, ifMatch, upload } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'
import { useChange } from './change'

type Schemas = components['schemas']
export type Holiday = Schemas['holiday']
export type NewHoliday = Schemas['holiday_new']
export type HolidayReport = Schemas['holiday_import_report']
export type HolidayEntry = Schemas['holiday_import_entry']

const HOLIDAYS = ['holidays'] as const

/* From a day on, or all there ever were, the last first. */
export const holidaysQuery = (from: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...HOLIDAYS, from ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/holidays', {
          params: {
            query: {
              limit: 50,
              ...(from ? { from } : { sort: '-from_day' as const }),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })

const TOUCHED = [HOLIDAYS, keys.sessions]

const useHolidayChange = <A, T>(run: (arg: A) => Promise<T>) =>
  useChange(TOUCHED, run, { atOnce: true })

export const useAddHoliday = () =>
  useHolidayChange((body: NewHoliday) => call(api.POST('/api/v1/holidays', { body })))

type Change = { holiday: Holiday; body: Schemas['holiday_change'] }

export const useChangeHoliday = () =>
  useHolidayChange(({ holiday, body }: Change) =>
    call(
      api.PATCH('/api/v1/holidays/{holiday_id}', {
        params: { path: { holiday_id: holiday.id }, header: ifMatch(holiday.version) },
        body,
      }),
    ),
  )

export const useDropHoliday = () =>
  useHolidayChange((holiday: Holiday) =>
    call(
      api.DELETE('/api/v1/holidays/{holiday_id}', {
        params: { path: { holiday_id: holiday.id }, header: ifMatch(holiday.version) },
      }),
    ),
  )

/* A dry run only tells what would be done. */
export const useImportHolidays = () =>
  useHolidayChange(({ file, dryRun }: { file: File; dryRun: boolean }) => {
    const form = new FormData()
    form.append('calendar', file, file.name)
    form.append('dry_run', String(dryRun))
    return upload<HolidayReport>('/api/v1/holidays/import', form)
  })
