import { ScanFace } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttendanceRecord, MarkStatus, StatusCode } from '@/api/types'
import { StatusChip } from '@/components/status'
import { cn } from '@/lib/cn'
import { orNothing } from '@/lib/forgotten'
import { useFormat } from '@/lib/format'
import { Evidence } from './evidence'
import { MarkButtons } from './mark-buttons'
import { CodeMark, Times, Why } from './why'

type RowProps = {
  record: AttendanceRecord
  codes: readonly StatusCode[] | undefined
  zone: string
  current: boolean
  fresh: boolean
  onPick: () => void
  onHistory: () => void
  onMark: ((status: MarkStatus) => void) | undefined
}

function Row({ record, codes, zone, current, fresh, onPick, onHistory, onMark }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    /* What has the focus was pressed or tabbed to; moved under the pointer, a press is no click. */
    if (!current || document.activeElement === name.current) return
    name.current?.focus({ preventScroll: true })
    name.current?.closest('tr')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <tr
      aria-current={current || undefined}
      data-student={record.student_id}
      className={cn(
        'border-line border-t transition-colors duration-700',
        fresh && 'bg-ok-soft',
        current &&
          'bg-soft shadow-[inset_3px_0_0_var(--accent)] rtl:shadow-[inset_-3px_0_0_var(--accent)]',
      )}
    >
      <th scope="row" className="py-2.5 ps-4 pe-2 text-start font-normal">
        <button
          ref={name}
          type="button"
          onFocus={onPick}
          onClick={onHistory}
          className="rounded text-start font-medium hover:underline md:whitespace-nowrap"
        >
          <bdi>{record.student_name}</bdi>
        </button>
        <span className="flex items-center gap-1.5 text-muted text-sm tabular-nums">
          <bdi>{orNothing(record.student_number)}</bdi>
          {record.enrolled && (
            <ScanFace role="img" aria-label={t('student.enrolledYes')} className="size-3.5" />
          )}
        </span>
        <span className="mt-1.5 flex flex-wrap items-center gap-2 md:hidden">
          <StatusChip status={record.status} />
          {record.marked_at && (
            <span className="text-muted text-sm tabular-nums">
              {format.time(record.marked_at, zone)}
            </span>
          )}
        </span>
        <span className="mt-1 block text-sm empty:hidden md:hidden xl:max-2xl:block">
          <Evidence record={record} />
          <Why record={record} />
        </span>
      </th>
      <td className="hidden px-2 md:table-cell">
        <span className="flex items-center gap-2">
          <StatusChip status={record.status} />
          <CodeMark code={record.code} codes={codes} />
        </span>
      </td>
      <td className="hidden whitespace-nowrap px-2 text-sm tabular-nums md:table-cell">
        {record.marked_at && format.time(record.marked_at, zone)}
        {!!record.minutes_late && record.status === 'late' && (
          <span className="block text-warn text-xs">
            {t('register.lateBy', { time: format.minutes(record.minutes_late) })}
          </span>
        )}
        <Times record={record} zone={zone} />
      </td>
      <td className="hidden px-2 text-sm md:table-cell xl:max-2xl:hidden">
        <Evidence record={record} />
        <Why record={record} />
      </td>
      <td className="no-print py-2.5 ps-2 pe-4 text-end align-top md:align-middle">
        {onMark && <MarkButtons record={record} onMark={onMark} />}
      </td>
    </tr>
  )
}

type Props = {
  records: readonly AttendanceRecord[]
  codes?: readonly StatusCode[] | undefined
  zone: string
  current: number | undefined
  fresh: ReadonlySet<number>
  onPick: (studentId: number) => void
  onHistory: (record: AttendanceRecord) => void
  onMark: ((record: AttendanceRecord, status: MarkStatus) => void) | undefined
}

export function RegisterTable(props: Props) {
  const { t } = useTranslation()
  const { records, codes, zone, current, fresh, onPick, onHistory, onMark } = props
  return (
    <div className="relative overflow-hidden rounded-xl border border-line bg-panel shadow-card">
      <table className="w-full border-collapse">
        <caption className="sr-only">{t('register.caption')}</caption>
        <thead className="bg-sunk text-muted text-sm">
          <tr>
            <th scope="col" className="py-2.5 ps-4 pe-2 text-start font-medium">
              {t('register.student')}
            </th>
            <th scope="col" className="hidden px-2 text-start font-medium md:table-cell">
              {t('register.status')}
            </th>
            <th scope="col" className="hidden px-2 text-start font-medium md:table-cell">
              {t('register.time')}
            </th>
            <th
              scope="col"
              className="hidden px-2 text-start font-medium md:table-cell xl:max-2xl:hidden"
            >
              {t('register.evidence')}
            </th>
            <th scope="col" className="no-print py-2.5 ps-2 pe-4 text-end font-medium">
              {onMark ? t('register.mark') : <span className="sr-only">{t('register.mark')}</span>}
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row
              key={record.student_id}
              record={record}
              codes={codes}
              zone={zone}
              current={current === record.student_id}
              fresh={fresh.has(record.student_id)}
              onPick={() => onPick(record.student_id)}
              onHistory={() => onHistory(record)}
              onMark={onMark && ((status) => onMark(record, status))}
            />
          ))}
        </tbody>
      </table>
      {records.length === 0 && <p className="p-8 text-center text-muted">{t('register.none')}</p>}
    </div>
  )
}
