/* A weekly series in words: its days and hours, from when to when, for whom, by whom, where. */
import { useTranslation } from 'react-i18next'
import type { Series } from '@/api/queries/timetable'
import { Tag } from '@/components/status'
import { useFormat } from '@/lib/format'
import { sampleOf, type Weekday } from './week'

const MINUTE = 60_000

/* The hours of a series as the wall clock shows them, which no moment of a certain day would. */
function useHours() {
  const format = useFormat()
  return (series: Series) => {
    const start = Date.parse('2026-01-05T00:00:00Z') + series.starts_min * MINUTE
    const at = (ms: number) => new Date(ms).toISOString()
    return format.timeRange(at(start), at(start + series.duration_min * MINUTE), 'UTC')
  }
}

export function SeriesFacts({ of }: { of: Series }) {
  const { t } = useTranslation()
  const format = useFormat()
  const hours = useHours()
  const weekdays = of.weekdays.map((day) => format.weekday(sampleOf(day as Weekday), 'UTC'))
  const facts = [
    `${format.list(weekdays)} ${hours(of)}`,
    of.every_weeks > 1 && t('series.every', { count: of.every_weeks }),
    format.plainDays(of.first_day, of.last_day),
    format.list(of.group_names),
    of.trainer_name,
    of.room_name,
    of.time_zone,
  ]
  return (
    <ul className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-sm">
      {of.ended && (
        <li>
          <Tag tone="idle">{t('series.ended')}</Tag>
        </li>
      )}
      {facts.map(
        (fact) =>
          fact && (
            <li key={fact} className="not-last:after:ms-2 not-last:after:content-['·']">
              <bdi>{fact}</bdi>
            </li>
          ),
      )}
    </ul>
  )
}
