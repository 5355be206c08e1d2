/* Holidays from a calendar file: what would be done is shown before it is done. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type HolidayEntry, type HolidayReport, useImportHolidays } from '@/api/queries/holidays'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { useFormat } from '@/lib/format'
import { toast } from '@/lib/toast'
import { daysText } from './days'

const TONES = { new: 'ok', changed: 'info', same: 'idle', skipped: 'warn' } as const
/* A file may have 2,000 entries: what changes something or is wrong comes first. */
const ORDER = ['new', 'changed', 'skipped', 'same'] as const
const SHOWN = 200

function Entry({ of }: { of: HolidayEntry }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2">
      <span className="me-auto min-w-0">
        <span className="block font-medium">
          <bdi>{of.name || of.uid || t('holidays.nameless')}</bdi>
        </span>
        <span className="block text-muted text-sm">
          {of.from_day && of.to_day && daysText(format, of.from_day, of.to_day)}
          {of.problem && <> {t(`holidays.problem.${of.problem}`)}</>}
        </span>
      </span>
      <Tag tone={TONES[of.result]}>{t(`holidays.result.${of.result}`)}</Tag>
    </li>
  )
}

function Report({ of }: { of: HolidayReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  const counts = { new: of.added, changed: of.changed, skipped: of.skipped, same: of.same }
  const entries = ORDER.flatMap((result) => of.entries.filter((e) => e.result === result))
  return (
    <section aria-label={t('holidays.found')}>
      <p aria-live="polite" className="flex flex-wrap gap-2">
        {ORDER.map((result) => (
          <Tag key={result} tone={TONES[result]}>
            {`${t(`holidays.result.${result}`)} ${format.number(counts[result])}`}
          </Tag>
        ))}
      </p>
      {entries.length === 0 && <p className="mt-3 text-muted">{t('holidays.noEntries')}</p>}
      <ul className="mt-2 max-h-72 divide-y divide-line overflow-auto">
        {entries.slice(0, SHOWN).map((entry, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries may share all they have
          <Entry key={i} of={entry} />
        ))}
      </ul>
      {entries.length > SHOWN && (
        <p className="text-muted text-sm">
          {t('holidays.more', { n: format.number(entries.length - SHOWN) })}
        </p>
      )}
    </section>
  )
}

export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const look = useImportHolidays()
  const run = useImportHolidays()
  const [file, setFile] = useState<File>()
  const report = look.data
  const useful = report ? report.added + report.changed : 0
  const take = (chosen: File | undefined) => {
    setFile(chosen)
    run.reset()
    look.reset()
    if (chosen) look.mutate({ file: chosen, dryRun: true })
  }
  const apply = () =>
    file &&
    run.mutate(
      { file, dryRun: false },
      {
        onSuccess: (done) => {
          const stay = done.entries.reduce((sum, e) => sum + e.sessions, 0)
          onClose()
          toast(
            stay
              ? t('holidays.importedStay', { count: stay })
              : t('holidays.imported', { count: done.added + done.changed }),
            { tone: stay ? 'plain' : 'ok' },
          )
        },
      },
    )
  return (
    <Dialog title={t('holidays.import')} onClose={onClose} wide>
      <div className="grid gap-4">
        <Field label={t('holidays.file')} hint={t('holidays.fileHint')}>
          {(control) => (
            <Input
              {...control}
              type="file"
              accept=".ics,text/calendar"
              className="py-1.5"
              onChange={(e) => take(e.target.files?.[0])}
            />
          )}
        </Field>
        {look.isPending && <p className="text-muted">{t('holidays.reading')}</p>}
        <ProblemNote error={look.error ?? run.error} />
        {report && <Report of={report} />}
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={useful === 0} busy={run.isPending} onClick={apply}>
          {t('holidays.take', { count: useful })}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}
