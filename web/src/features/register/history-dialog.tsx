/* Everything that happened to one student's mark in one session, newest first. */
import { useQuery } from '@tanstack/react-query'
import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { eventsQuery } from '@/api/queries/attendance'
import type { AttendanceEvent, AttendanceRecord } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { StatusChip } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { cn } from '@/lib/cn'
import { orNothing } from '@/lib/forgotten'
import { useFormat } from '@/lib/format'
import { useUi } from '@/lib/ui-store'
import { FaceFigures } from './evidence'

function Entry({ event, zone }: { event: AttendanceEvent; zone: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lang = useUi((s) => s.lang)
  return (
    <li className="grid gap-1.5 border-line border-s-2 ps-4">
      <p className="flex flex-wrap gap-x-3 text-muted text-sm">
        <time dateTime={event.at} className="tabular-nums">
          {format.clock(event.at, zone)}
        </time>
        <span>{t(event.kind === 'undo' ? 'method.undo' : `method.${event.method}`)}</span>
        {event.by_name && <bdi>{event.by_name}</bdi>}
        {event.undone && <span className="text-warn">{t('history.undone')}</span>}
      </p>
      <p className={cn('flex flex-wrap items-center gap-2', event.undone && 'opacity-60')}>
        <StatusChip status={event.status_before} />
        <ArrowRight aria-hidden className="flip-rtl size-4 text-muted" />
        <StatusChip status={event.status_after} />
      </p>
      <p className="text-muted text-sm empty:hidden">
        <FaceFigures similarity={event.similarity} margin={event.margin} />
      </p>
      {event.note && (
        <p className="text-sm">{event.note_words ? event.note_words[lang] : event.note}</p>
      )}
    </li>
  )
}

type Props = {
  record: AttendanceRecord
  zone: string
  onClose: () => void
  onUndo: (() => void) | undefined
}

export function HistoryDialog({ record, zone, onClose, onUndo }: Props) {
  const { t } = useTranslation()
  const events = useQuery(eventsQuery(record.session_id, record.student_id))
  const items = events.data?.items.toSorted((a, b) => b.id - a.id)
  return (
    <Dialog title={record.student_name} onClose={onClose}>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <StatusChip status={record.status} />
        <span className="text-muted tabular-nums">{orNothing(record.student_number)}</span>
      </div>
      <ProblemNote error={events.error} />
      {events.isPending && <Skeleton className="h-24" />}
      {items?.length === 0 && <p className="text-muted">{t('history.none')}</p>}
      <ol className="grid gap-5">
        {items?.map((event) => (
          <Entry key={event.id} event={event} zone={zone} />
        ))}
      </ol>
      {onUndo && items?.some((e) => !e.undone) && (
        <DialogFoot>
          <Button onClick={onUndo}>{t('history.undoLast')}</Button>
        </DialogFoot>
      )}
    </Dialog>
  )
}
