import { useTranslation } from 'react-i18next'
import type { AttendanceRecord, MarkStatus } from '@/api/types'
import { STATUS_LOOK } from '@/components/status'
import { cn } from '@/lib/cn'
import { MoreMarks } from './more-marks'

const MARKS = ['present', 'late', 'absent', 'excused'] as const

const ON: Record<(typeof MARKS)[number], string> = {
  present: 'bg-ok-soft text-ok',
  late: 'bg-warn-soft text-warn',
  absent: 'bg-bad-soft text-bad',
  excused: 'bg-info-soft text-info',
}

type Props = { record: AttendanceRecord; onMark: (status: MarkStatus) => void }

export function MarkButtons({ record, onMark }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className="inline-flex rounded-lg border border-line bg-panel p-0.5">
      <legend className="sr-only">{t('register.markLegend', { name: record.student_name })}</legend>
      {MARKS.map((status) => {
        const Icon = STATUS_LOOK[status].icon
        const on = record.status === status
        return (
          <button
            key={status}
            type="button"
            tabIndex={-1}
            aria-pressed={on}
            aria-label={t('register.markAs', {
              name: record.student_name,
              status: t(`status.${status}`),
            })}
            title={t(`status.${status}`)}
            onClick={() => onMark(status)}
            className={cn(
              'grid size-8 place-items-center rounded-md text-muted hover:bg-idle-soft hover:text-fg',
              on && ON[status],
            )}
          >
            <Icon aria-hidden className="size-[1.125rem]" />
          </button>
        )
      })}
      <MoreMarks record={record} onMark={onMark} />
    </fieldset>
  )
}
