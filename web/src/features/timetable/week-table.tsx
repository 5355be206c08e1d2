/* The same week as a table: for small screens, screen readers and paper. */
import { useTranslation } from 'react-i18next'
import type { Session } from '@/api/types'
import { Card } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { LessonMarks, LessonName, LessonTime } from './lesson'
import { byDay, daysOf } from './week'

type Props = {
  monday: string
  zone: string
  sessions: readonly Session[]
  onPick: (session: Session) => void
}

function Row({ session, zone, onPick }: Omit<Props, 'monday' | 'sessions'> & { session: Session }) {
  const format = useFormat()
  return (
    <tr className="border-line border-t align-top max-sm:grid max-sm:py-2">
      <td className="py-2 pe-4 whitespace-nowrap max-sm:py-0">
        <LessonTime session={session} zone={zone} />
      </td>
      <th scope="row" className="py-2 pe-4 text-start font-medium max-sm:py-0">
        <button
          type="button"
          className="text-start text-accent underline-offset-4 hover:underline"
          onClick={() => onPick(session)}
        >
          <LessonName session={session} />
        </button>
        <span className="flex flex-wrap gap-x-3 font-normal text-sm">
          <LessonMarks session={session} />
        </span>
      </th>
      <td className="py-2 pe-4 max-sm:py-0">
        <bdi>{format.list(session.group_names)}</bdi>
      </td>
      <td className="py-2 pe-4 max-sm:py-0">
        <bdi>{session.trainer_name}</bdi>
      </td>
      <td className="py-2 max-sm:py-0">
        <bdi>{session.room_name}</bdi>
      </td>
    </tr>
  )
}

export function WeekTable({ monday, zone, sessions, onPick }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const days = byDay(sessions, zone)
  return (
    <Card className="grid gap-6">
      {sessions.length === 0 && <p className="text-muted">{t('timetable.none')}</p>}
      {daysOf(monday).map((day) => {
        const items = days.get(day)
        if (!items) return null
        return (
          <table key={day} className="w-full text-start max-sm:block">
            <caption className="pb-1 text-start font-semibold max-sm:block">
              {format.longDay(`${day}T12:00:00Z`, 'UTC')}
            </caption>
            <thead className="sr-only">
              <tr>
                {(
                  [
                    'timetable.time',
                    'session.module',
                    'session.group',
                    'session.trainer',
                    'session.room',
                  ] as const
                ).map((key) => (
                  <th key={key} scope="col">
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="max-sm:block">
              {items.map((s) => (
                <Row key={s.id} session={s} zone={zone} onPick={onPick} />
              ))}
            </tbody>
          </table>
        )
      })}
    </Card>
  )
}
