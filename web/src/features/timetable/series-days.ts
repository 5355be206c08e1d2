/* The days of a series: those that have a lesson, and those that were left out without ever having one. */
import type { Series } from '@/api/queries/timetable'
import type { Session } from '@/api/types'

export type SeriesDay = { day: string; session?: Session; leftOut?: string }

export function daysOfSeries(series: Series, sessions: readonly Session[]): SeriesDay[] {
  const days = new Map<string, SeriesDay>()
  for (const session of sessions) {
    const day = session.series_day
    if (day) days.set(day, { day, session })
  }
  for (const { day, reason } of series.exceptions) {
    days.set(day, { ...days.get(day), day, leftOut: reason })
  }
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day))
}
