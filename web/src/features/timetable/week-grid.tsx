/* Seven days side by side, hours from above: a picture of the week for wide screens. */
import { useTranslation } from 'react-i18next'
import type { Session } from '@/api/types'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { cancelled, LessonMarks, LessonName, LessonTime } from './lesson'
import { byDay, daysOf, hoursOf, type Placed, placed } from './week'

type Props = {
  monday: string
  today: string
  zone: string
  sessions: readonly Session[]
  onPick: (session: Session) => void
}

const HOUR_REM = 3.5
/* With more lessons side by side than this there is no room for the hours, which the place tells. */
const NARROW = 2

function Block({
  p,
  first,
  zone,
  onPick,
}: { p: Placed; first: number } & Omit<Props, 'sessions' | 'monday' | 'today'>) {
  const format = useFormat()
  const { session } = p
  const style = {
    top: `${((p.from / 60 - first) * HOUR_REM).toFixed(3)}rem`,
    height: `${Math.max(((p.to - p.from) / 60) * HOUR_REM, 1.4).toFixed(3)}rem`,
    insetInlineStart: `${((p.lane / p.lanes) * 100).toFixed(2)}%`,
    width: `${(100 / p.lanes).toFixed(2)}%`,
  }
  return (
    <li className="absolute p-px" style={style}>
      <button
        type="button"
        onClick={() => onPick(session)}
        data-session={session.id}
        className={cn(
          'block size-full overflow-hidden rounded-md border-s-4 px-1.5 py-1 text-start text-xs leading-tight hover:brightness-95',
          cancelled(session)
            ? 'border-bad bg-idle-soft text-muted'
            : 'border-accent bg-soft text-fg',
        )}
      >
        <span className="block truncate font-semibold">
          <LessonName session={session} />
        </span>
        <span className="flex flex-wrap gap-x-1.5">
          <span className={cn(p.lanes > NARROW && 'sr-only')}>
            <LessonTime session={session} zone={zone} />
          </span>
          <LessonMarks session={session} />
        </span>
        <span className="block truncate">
          <bdi>{format.list(session.group_names)}</bdi>
        </span>
        {session.room_name && (
          <span className="block truncate">
            <bdi>{session.room_name}</bdi>
          </span>
        )}
      </button>
    </li>
  )
}

export function WeekGrid({ monday, today, zone, sessions, onPick }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const days = byDay(sessions, zone)
  const columns = daysOf(monday).map((day) => ({ day, items: placed(days.get(day) ?? [], zone) }))
  const { first, last } = hoursOf(columns.flatMap((c) => c.items))
  const hours = Array.from({ length: last - first }, (_, i) => first + i)
  const height = { height: `${((last - first) * HOUR_REM).toFixed(2)}rem` }
  return (
    <section
      aria-label={t('timetable.grid')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
      tabIndex={0}
      className="grid grid-cols-[4.25rem_repeat(7,minmax(6.5rem,1fr))] overflow-x-auto rounded-xl border border-line bg-panel shadow-card"
    >
      <div aria-hidden>
        <div className="h-12 border-line border-b" />
        <div className="relative" style={height}>
          {hours.map((h) => (
            <span
              key={h}
              className="absolute end-1.5 whitespace-nowrap text-muted text-xs tabular-nums"
              style={{ top: `${((h - first) * HOUR_REM).toFixed(2)}rem` }}
            >
              {format.time(`2026-01-01T${String(h).padStart(2, '0')}:00:00Z`, 'UTC')}
            </span>
          ))}
        </div>
      </div>
      {columns.map(({ day, items }) => (
        <div key={day} className="border-line border-s">
          <h2
            className={cn(
              'grid h-12 place-items-center border-line border-b px-1 text-center font-medium text-sm',
              day === today && 'bg-soft text-accent',
            )}
            aria-current={day === today ? 'date' : undefined}
          >
            {format.day(`${day}T12:00:00Z`, 'UTC')}
          </h2>
          <ul className="relative" style={height}>
            {hours.map((h) => (
              <li
                key={h}
                aria-hidden
                className="absolute inset-x-0 border-line/60 border-t"
                style={{ top: `${((h - first) * HOUR_REM).toFixed(2)}rem` }}
              />
            ))}
            {items.map((p) => (
              <Block key={p.session.id} p={p} first={first} zone={zone} onPick={onPick} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
