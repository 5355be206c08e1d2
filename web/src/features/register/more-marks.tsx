/* The statuses that are seldom set by hand, behind one small list. */
import { useTranslation } from 'react-i18next'
import type { AttendanceRecord, MarkStatus } from '@/api/types'
import { STATUS_LOOK } from '@/components/status'
import { cn } from '@/lib/cn'

export const SELDOM_MARKS = ['partial', 'left_early', 'remote'] as const
type Seldom = (typeof SELDOM_MARKS)[number]
const isSeldom = (s: string): s is Seldom => (SELDOM_MARKS as readonly string[]).includes(s)

type Props = { record: AttendanceRecord; onMark: (status: MarkStatus) => void }

export function MoreMarks({ record, onMark }: Props) {
  const { t } = useTranslation()
  const on = isSeldom(record.status) ? record.status : ''
  return (
    <select
      value={on}
      tabIndex={-1}
      aria-label={t('why.more', { name: record.student_name })}
      title={on ? t(`status.${on}`) : t('why.moreMarks')}
      onChange={(e) => isSeldom(e.target.value) && onMark(e.target.value)}
      className={cn(
        'h-8 w-8 rounded-md bg-transparent text-center text-muted hover:bg-idle-soft hover:text-fg',
        on && cn('w-auto', STATUS_LOOK[on].chip),
      )}
    >
      <option value="" disabled>
        …
      </option>
      {SELDOM_MARKS.map((status) => (
        <option key={status} value={status}>
          {t(`status.${status}`)}
        </option>
      ))}
    </select>
  )
}
