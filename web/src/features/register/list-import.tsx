/* A register filled from a CSV list: what it would do and what is wrong with it, and then the doing. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type MarksError, type MarksReport, useImportMarks } from '@/api/queries/marks'
import type { AttendanceRecord } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { csvOf, download } from '@/lib/csv'
import { useFileProblem } from '@/lib/file-problem'
import { useFormat } from '@/lib/format'
import { toast } from '@/lib/toast'

const SHOWN = 100

/* Without a number nobody is meant; without status and time nothing is. */
const wrongOf = (e: MarksError) =>
  e.code === 'required' && e.column === 'status' ? 'nothing' : e.code

function Wrong({ errors }: { errors: readonly MarksError[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <ul className="max-h-64 divide-y divide-line overflow-auto text-sm">
        {errors.slice(0, SHOWN).map((e) => (
          <li key={`${e.line} ${e.column} ${e.code}`} className="flex flex-wrap gap-x-3 py-1.5">
            <span className="w-20 shrink-0 text-muted tabular-nums">
              {t('list.line', { n: format.number(e.line) })}
            </span>
            <span className="min-w-0 flex-1 basis-48">
              {t(`list.wrong.${wrongOf(e)}`)}
              {e.value && <bdi className="ms-2 break-all font-mono text-muted">{e.value}</bdi>}
            </span>
          </li>
        ))}
      </ul>
      {errors.length > SHOWN && (
        <p className="text-muted text-sm">
          {t('list.more', { n: format.number(errors.length - SHOWN) })}
        </p>
      )}
    </>
  )
}

function Report({ of }: { of: MarksReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <section aria-label={t('list.found')} className="grid gap-3">
      <p aria-live="polite" className="flex flex-wrap gap-2">
        <Tag tone="ok">{t('list.good', { count: of.good, n: format.number(of.good) })}</Tag>
        {of.bad > 0 && (
          <Tag tone="bad">{t('list.bad', { count: of.bad, n: format.number(of.bad) })}</Tag>
        )}
        <Tag tone="info">
          {t('list.changes', { count: of.changes, n: format.number(of.changes) })}
        </Tag>
      </p>
      {of.errors.length > 0 && <Wrong errors={of.errors} />}
    </section>
  )
}

/* A list to start from: everybody expected, the status to be filled in. */
function template(records: readonly AttendanceRecord[]) {
  const rows = records.map((r) => [r.student_number, r.student_name, '', ''])
  download(
    'register.csv',
    'text/csv',
    csvOf([['student_number', 'name', 'status', 'note'], ...rows]),
  )
}

type Props = { sessionId: number; records: readonly AttendanceRecord[]; onClose: () => void }

export default function ListImport({ sessionId, records, onClose }: Props) {
  const { t } = useTranslation()
  const look = useImportMarks(sessionId)
  const run = useImportMarks(sessionId)
  const [file, setFile] = useState<File>()
  const report = look.data
  const wrong = useFileProblem(look.error ?? run.error, 'list', {
    of: (code) => `list.file.${code}`,
    other: 'list.file.other',
  })
  const take = (chosen: File | undefined) => {
    setFile(chosen)
    run.reset()
    look.reset()
    if (chosen) look.mutate({ file: chosen, apply: false })
  }
  const apply = () =>
    file &&
    run.mutate(
      { file, apply: true },
      {
        onSuccess: (done) => {
          onClose()
          toast(t('list.done', { count: done.changes }), { tone: 'ok' })
        },
      },
    )
  return (
    <Dialog title={t('list.title')} onClose={onClose} wide>
      <div className="grid gap-4">
        <Field label={t('list.file')} hint={t('list.fileHint')} error={wrong}>
          {(control) => (
            <Input
              {...control}
              type="file"
              accept=".csv,text/csv"
              className="py-1.5"
              onChange={(e) => take(e.target.files?.[0])}
            />
          )}
        </Field>
        {look.isPending && <p className="text-muted">{t('list.reading')}</p>}
        {!wrong && <ProblemNote error={look.error ?? run.error} />}
        {report && <Report of={report} />}
      </div>
      <DialogFoot>
        <Button className="me-auto" onClick={() => template(records)}>
          {t('list.template')}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          variant="primary"
          disabled={!report || report.good === 0}
          busy={run.isPending}
          onClick={apply}
        >
          {report && report.bad > 0 && report.good > 0
            ? t('list.applyGood', { count: report.good })
            : t('list.apply')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}
