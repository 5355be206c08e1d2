/* One session in a list: when, what, who, where and how far its register is. */
import { Link } from '@tanstack/react-router'
import { DoorOpen, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import type { Session } from '@/api/types'
import { useFormat } from '@/lib/format'
import { Bar } from './counts-bar'
import { StateChip } from './status'

type Props = { session: Session; withDay?: boolean; children?: ReactNode }

function Place({ session }: { session: Session }) {
  const format = useFormat()
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-muted text-sm">
      <span className="flex items-center gap-1.5">
        <UsersRound aria-hidden className="size-4" />
        <bdi>{format.list(session.group_names)}</bdi>
      </span>
      {session.room_name && (
        <span className="flex items-center gap-1.5">
          <DoorOpen aria-hidden className="size-4" />
          <bdi>{session.room_name}</bdi>
        </span>
      )}
      <bdi>{session.trainer_name}</bdi>
    </p>
  )
}

export function SessionCard({ session, withDay = false, children }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const counts = useMay('attendance:mark')
  const marked = session.expected - session.unmarked
  return (
    <li className="relative grid gap-x-5 gap-y-3 rounded-xl border border-line bg-panel p-4 shadow-card transition-colors focus-within:border-accent hover:border-strong-line sm:grid-cols-[7rem_minmax(13rem,1fr)_auto] sm:items-center">
      <div className="flex flex-wrap items-baseline gap-x-2 tabular-nums sm:grid sm:gap-0">
        {withDay && (
          <span className="text-muted text-sm max-sm:w-full">
            {format.day(session.starts_at, session.time_zone)}
          </span>
        )}
        <time dateTime={session.starts_at} className="font-semibold text-lg leading-tight">
          {format.time(session.starts_at, session.time_zone)}
        </time>
        <time dateTime={session.ends_at} className="text-muted text-sm">
          {t('session.until', { time: format.time(session.ends_at, session.time_zone) })}
        </time>
      </div>
      <div className="grid min-w-0 gap-1">
        <h3 className="font-semibold leading-snug">
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: session.id }}
            className="after:absolute after:inset-0 after:rounded-xl"
          >
            <bdi>{session.module_name}</bdi>
          </Link>
        </h3>
        <Place session={session} />
        {counts && session.state !== 'scheduled' && session.state !== 'cancelled' && (
          <div className="mt-1 flex max-w-sm items-center gap-3">
            <Bar counts={session} className="h-1.5 flex-1" />
            <span className="text-muted text-sm tabular-nums">
              {t('session.marked', {
                marked: format.number(marked),
                expected: format.number(session.expected),
              })}
            </span>
          </div>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-3 sm:justify-end">
        <StateChip state={session.state} />
        {children && (
          <div className="relative z-10 flex flex-wrap gap-2 sm:justify-end">{children}</div>
        )}
      </div>
    </li>
  )
}

export const SessionList = ({ children }: { children: ReactNode }) => (
  <ul className="grid gap-3">{children}</ul>
)
