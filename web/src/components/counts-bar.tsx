/* A register's counts as one bar; the legend is the table alternative and, if wanted, the filter. */
import { useTranslation } from 'react-i18next'
import type { AttendanceStatus } from '@/api/types'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { STATUS_LOOK, STATUSES } from './status'

export type Counts = Record<AttendanceStatus, number>

export function Bar({ counts, className }: { counts: Counts; className?: string }) {
  const total = STATUSES.reduce((sum, s) => sum + counts[s], 0)
  return (
    <div
      aria-hidden
      className={cn('flex h-2.5 gap-px overflow-hidden rounded-full bg-idle-soft', className)}
    >
      {total > 0 &&
        STATUSES.map((s) => (
          <span
            key={s}
            /* Nothing takes no gap either. */
            className={cn(
              'h-full transition-[flex-grow] duration-300',
              counts[s] === 0 && '-ms-px',
            )}
            style={{ flexGrow: counts[s], flexBasis: 0, background: STATUS_LOOK[s].fill }}
          />
        ))}
    </div>
  )
}

/* Statuses that most schools seldom use are named when they are there. */
const SELDOM: ReadonlySet<AttendanceStatus> = new Set(['partial', 'left_early', 'remote'])

type LegendProps = {
  counts: Counts
  only?: readonly AttendanceStatus[]
  picked?: AttendanceStatus | undefined
  onPick?: (status: AttendanceStatus | undefined) => void
}

export function Legend({ counts, only = STATUSES, picked, onPick }: LegendProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <ul className="flex flex-wrap gap-1.5">
      {only.map((s) => {
        if (SELDOM.has(s) && counts[s] === 0) return null
        const inner = (
          <>
            <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5 shrink-0">
              <rect width="10" height="10" rx="3" fill={STATUS_LOOK[s].fill} />
            </svg>
            <span className="text-muted">{t(`status.${s}`)}</span>
            <span className="font-semibold tabular-nums" data-count={s}>
              {format.number(counts[s])}
            </span>
          </>
        )
        const look = 'flex h-8 items-center gap-2 rounded-lg px-2.5 text-sm'
        return (
          <li key={s}>
            {onPick ? (
              <button
                type="button"
                aria-pressed={picked === s}
                onClick={() => onPick(picked === s ? undefined : s)}
                className={cn(
                  look,
                  'border border-line hover:border-strong-line',
                  picked === s && 'border-accent bg-soft',
                )}
              >
                {inner}
              </button>
            ) : (
              <span className={cn(look, 'px-0 pe-2')}>{inner}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
