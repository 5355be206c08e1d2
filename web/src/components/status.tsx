/* How a status or a session's state looks everywhere: colour, sign and word together. */
import {
  Ban,
  CalendarClock,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleX,
  Clock3,
  DoorOpen,
  Hourglass,
  Lock,
  type LucideIcon,
  MonitorCheck,
  ShieldCheck,
  SquareCheckBig,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AttendanceStatus, SessionState } from '@/api/types'
import { cn } from '@/lib/cn'

type Look = { icon: LucideIcon; chip: string; fill: string }

export const STATUS_LOOK: Record<AttendanceStatus, Look> = {
  present: { icon: CircleCheck, chip: 'bg-ok-soft text-ok', fill: 'var(--ok-fill)' },
  late: { icon: Clock3, chip: 'bg-warn-soft text-warn', fill: 'var(--warn-fill)' },
  partial: { icon: Hourglass, chip: 'bg-warn-soft text-warn', fill: 'var(--warn-fill)' },
  left_early: { icon: DoorOpen, chip: 'bg-warn-soft text-warn', fill: 'var(--warn-fill)' },
  remote: { icon: MonitorCheck, chip: 'bg-ok-soft text-ok', fill: 'var(--ok-fill)' },
  absent: { icon: CircleX, chip: 'bg-bad-soft text-bad', fill: 'var(--bad-fill)' },
  excused: { icon: ShieldCheck, chip: 'bg-info-soft text-info', fill: 'var(--info-fill)' },
  unmarked: { icon: CircleDashed, chip: 'bg-idle-soft text-idle', fill: 'var(--idle-fill)' },
}

export const STATUSES = [
  'present',
  'late',
  'partial',
  'left_early',
  'remote',
  'absent',
  'excused',
  'unmarked',
] as const

const STATE_LOOK: Record<SessionState, Omit<Look, 'fill'>> = {
  scheduled: { icon: CalendarClock, chip: 'bg-idle-soft text-idle' },
  open: { icon: CircleDot, chip: 'bg-ok-soft text-ok' },
  closed: { icon: SquareCheckBig, chip: 'bg-info-soft text-info' },
  confirmed: { icon: Lock, chip: 'bg-soft text-accent' },
  cancelled: { icon: Ban, chip: 'bg-bad-soft text-bad' },
}

const CHIP =
  'inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 font-medium text-sm whitespace-nowrap'

export function StatusChip({ status }: { status: AttendanceStatus }) {
  const { t } = useTranslation()
  const { icon: Icon, chip } = STATUS_LOOK[status]
  return (
    <span className={cn(CHIP, chip)} data-status={status}>
      <Icon aria-hidden className="size-4" />
      {t(`status.${status}`)}
    </span>
  )
}

export function StateChip({ state }: { state: SessionState }) {
  const { t } = useTranslation()
  const { icon: Icon, chip } = STATE_LOOK[state]
  return (
    <span className={cn(CHIP, chip)} data-state={state}>
      <Icon aria-hidden className="size-4" />
      {t(`state.${state}`)}
    </span>
  )
}

type TagProps = { tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle'; children: string }

const TAG = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-info-soft text-info',
  idle: 'bg-idle-soft text-idle',
} as const

export const Tag = ({ tone, children }: TagProps) => (
  <span className={cn(CHIP, TAG[tone])}>{children}</span>
)
