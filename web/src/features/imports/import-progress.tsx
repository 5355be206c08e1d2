/* One import: how far it is, what it may do next, and its rows. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allRows, importRowsQuery, useMoveImport } from '@/api/queries/faces'
import type { PhotoImport, PhotoImportRow } from '@/api/types'
import { LoadMore } from '@/components/load-more'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { csvOf, download } from '@/lib/csv'
import { useFormat } from '@/lib/format'

const isGood = (row: PhotoImportRow) => row.result === 'enrolled' || row.result === 'would_enrol'

function Rows({ id, stamp }: { id: number; stamp: string }) {
  const { t } = useTranslation()
  const query = useInfiniteQuery(importRowsQuery(id))
  const rows = query.data?.pages.flatMap((p) => p.items)
  const { refetch } = query
  const first = useRef(stamp)
  useEffect(() => {
    if (first.current !== stamp) void refetch()
    first.current = stamp
  }, [stamp, refetch])
  return (
    <>
      <ProblemNote error={rows ? null : query.error} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="max-h-96 overflow-auto" aria-label={t('import.rows')} tabIndex={0}>
        <table className="w-full text-sm">
          <thead className="text-start text-muted">
            <tr>
              <th className="py-1 pe-3 text-start font-medium">{t('students.number')}</th>
              <th className="py-1 pe-3 text-start font-medium">{t('import.result')}</th>
              <th className="py-1 text-start font-medium max-sm:hidden">{t('import.detail')}</th>
            </tr>
          </thead>
          <tbody>
            {rows?.map((row) => (
              <tr key={row.id} className="border-line border-t align-top">
                <td className="py-1.5 pe-3 tabular-nums">
                  <bdi>{row.student_number}</bdi>
                </td>
                <td className="py-1.5 pe-3">
                  {row.result ? (
                    <Tag tone={isGood(row) ? 'ok' : 'bad'}>{t(`result.${row.result}`)}</Tag>
                  ) : (
                    <Tag tone="idle">{t('result.waiting')}</Tag>
                  )}
                </td>
                <td className="py-1.5 text-muted max-sm:hidden" dir="ltr">
                  {row.detail}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <LoadMore query={query} />
    </>
  )
}

function Actions({ of }: { of: PhotoImport }) {
  const { t } = useTranslation()
  const run = useMoveImport('run')
  const cancel = useMoveImport('cancel')
  const [problem, setProblem] = useState<unknown>()
  const report = () =>
    allRows(of.id)
      .then((rows) =>
        download(
          `import-${of.id}.csv`,
          'text/csv',
          csvOf([
            ['student_number', 'files', 'source', 'result', 'detail'],
            ...rows.map((r) => [
              r.student_number,
              r.files.join(' '),
              r.source,
              r.result ?? '',
              r.detail ?? '',
            ]),
          ]),
        ),
      )
      .catch(setProblem)
  return (
    <div className="flex flex-wrap gap-2">
      {of.state === 'checked' && (
        <Button
          variant="primary"
          disabled={of.failed === of.total}
          busy={run.isPending}
          onClick={() => run.mutate(of.id)}
        >
          {t('import.run', { count: of.total - of.failed })}
        </Button>
      )}
      {of.finished_at === null && (
        <Button variant="danger" busy={cancel.isPending} onClick={() => cancel.mutate(of.id)}>
          {t('import.cancel')}
        </Button>
      )}
      <Button onClick={() => void report()}>
        <Download aria-hidden className="size-4" />
        {t('import.report')}
      </Button>
      <ProblemNote error={run.error ?? cancel.error ?? problem} className="w-full" />
    </div>
  )
}

const TONES = {
  checking: 'info',
  checked: 'warn',
  running: 'info',
  done: 'ok',
  cancelled: 'idle',
  expired: 'idle',
  failed: 'bad',
} as const

type Props = { of: PhotoImport; open: boolean; onToggle: (open: boolean) => void }

export function ImportProgress({ of, open, onToggle }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li className="grid gap-3 rounded-lg border border-line px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="me-auto font-medium">{format.dateTime(of.created_at)}</span>
        <Tag tone={TONES[of.state]}>{t(`import.state.${of.state}`)}</Tag>
        <span className="text-muted text-sm">
          {t('import.progress', {
            done: format.number(of.done),
            total: format.number(of.total),
            failed: format.number(of.failed),
          })}
        </span>
        <Button size="sm" variant="ghost" aria-expanded={open} onClick={() => onToggle(!open)}>
          {t(open ? 'import.hide' : 'import.show')}
        </Button>
      </div>
      <progress
        max={of.total}
        value={of.done}
        aria-label={t('import.bar')}
        className="h-2 w-full accent-accent"
      />
      <Actions of={of} />
      {open && <Rows id={of.id} stamp={`${of.state} ${of.done}`} />}
    </li>
  )
}
