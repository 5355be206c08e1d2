/* "All present but …": marks everybody without a mark at once, and takes it back as one. */
import { ListChecks } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMarkRest, useUndoAll } from '@/api/queries/registers'
import type { AttendanceRecord } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'

type Props = { sessionId: number; records: readonly AttendanceRecord[] }

function RestDialog({ sessionId, records, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation()
  const [but, setBut] = useState<ReadonlySet<number>>(new Set())
  const rest = useMarkRest(sessionId)
  /* Told from the change itself: when it is taken back, this dialog is long gone. */
  const undo = useUndoAll(sessionId, (error) => toast(problemText(t, error), { tone: 'bad' }))
  const missing = records.filter((r) => r.status === 'unmarked')
  /* Who was ticked may have been marked meanwhile, or have left the session. */
  const left = missing.flatMap((r) => (but.has(r.student_id) ? [r.student_id] : []))
  const turn = (id: number) => {
    const next = new Set(but)
    if (!next.delete(id)) next.add(id)
    setBut(next)
  }
  const run = () => {
    rest.mutate(
      { status: 'present', allBut: left },
      {
        onSuccess: ({ changed, items }) => {
          const students = items.filter((i) => i.outcome === 'changed').map((i) => i.student_id)
          onClose()
          toast(t('rest.done', { count: changed }), {
            tone: 'ok',
            action: {
              label: t('common.undo'),
              run: () => undo.mutate(students),
            },
          })
        },
      },
    )
  }
  return (
    <Dialog title={t('rest.title')} onClose={onClose}>
      <p className="mb-3 text-muted text-sm">{t('rest.hint')}</p>
      <ul className="grid max-h-80 gap-1 overflow-auto">
        {missing.map((r) => (
          <li key={r.student_id}>
            <label className="flex min-h-9 items-center gap-3">
              <input
                type="checkbox"
                checked={but.has(r.student_id)}
                onChange={() => turn(r.student_id)}
                className="size-4"
              />
              <bdi>{r.student_name}</bdi>
            </label>
          </li>
        ))}
      </ul>
      <ProblemNote error={rest.error} className="mt-3" />
      <DialogFoot>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          variant="primary"
          busy={rest.isPending}
          disabled={missing.length === left.length}
          onClick={run}
        >
          {t('rest.submit', { count: missing.length - left.length })}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}

export function MarkRest(props: Props) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  /* Events may mark the last before the answer comes: the dialog waits for it. */
  if (!asking && !props.records.some((r) => r.status === 'unmarked')) return null
  return (
    <>
      <Button variant="ghost" size="sm" title={t('rest.title')} onClick={() => setAsking(true)}>
        <ListChecks aria-hidden className="size-4" />
        <span className="xl:max-2xl:sr-only">{t('rest.button')}</span>
      </Button>
      {asking && <RestDialog {...props} onClose={() => setAsking(false)} />}
    </>
  )
}
