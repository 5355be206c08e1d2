/* The attendance of a group: a drawing, the same as a table, and CSV. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ChartNoAxesColumn, Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type GroupReport, groupCsv, groupReportQuery } from '@/api/queries/figures'
import { EmptyState } from '@/components/empty-state'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { ResourceChoice } from '@/components/resource-choice'
import { buttonClass } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { FILL, LevelTag } from './level'

const route = getRouteApi('/shell/reports')

function Drawing({ report }: { report: GroupReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  const worst = Math.max(0.25, ...report.students.map((s) => 1 - s.rate))
  return (
    <Card className="min-w-0">
      <CardHead title={t('reports.drawing')} hint={t('reports.drawingHint')} />
      <div aria-hidden className="flex h-40 items-end gap-1 overflow-hidden border-line border-b">
        {report.students.map((s) => (
          <div
            key={s.student_id}
            title={t('reports.absence', {
              name: s.student_name,
              share: format.percent(1 - s.rate),
            })}
            className={`min-w-0 flex-1 rounded-t ${FILL[s.level]}`}
            style={{ height: `${Math.max(1, ((1 - s.rate) / worst) * 100)}%` }}
          />
        ))}
      </div>
    </Card>
  )
}

const COUNTS = ['sessions', 'present', 'late', 'absent', 'excused'] as const

function Figures({ report }: { report: GroupReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  const heads = [
    t('reports.sessions'),
    t('status.present'),
    t('status.late'),
    t('status.absent'),
    t('status.excused'),
    t('reports.rate'),
  ]
  const cell = 'px-2 py-2 text-end tabular-nums'
  return (
    <Card className="min-w-0">
      <CardHead title={t('reports.table')}>
        <a
          className={buttonClass()}
          href={groupCsv(report.group_id)}
          download={`group-${report.group_id}.csv`}
        >
          <Download aria-hidden className="size-4" />
          {t('reports.csv')}
        </a>
      </CardHead>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section aria-label={t('reports.table')} tabIndex={0} className="overflow-x-auto">
        <table className="w-full text-sm">
          <thead className="text-muted">
            <tr>
              <th scope="col" className="py-2 text-start font-medium">
                {t('reports.student')}
              </th>
              {heads.map((head) => (
                <th key={head} scope="col" className="px-2 py-2 text-end font-medium">
                  {head}
                </th>
              ))}
              <th scope="col" className="px-2 py-2 text-start font-medium">
                {t('reports.level')}
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {report.students.map((s) => (
              <tr key={s.student_id}>
                <th scope="row" className="py-2 text-start font-normal">
                  <Link
                    className="underline underline-offset-4"
                    to="/students/$studentId"
                    params={{ studentId: s.student_id }}
                  >
                    <bdi>{s.student_name}</bdi>
                  </Link>
                </th>
                {COUNTS.map((c) => (
                  <td key={c} className={cell}>
                    {format.number(s[c])}
                  </td>
                ))}
                <td className={cell}>{format.percent(s.rate)}</td>
                <td className="px-2 py-2">
                  <LevelTag level={s.level} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot className="border-line border-t font-medium">
            <tr>
              <th scope="row" className="py-2 text-start">
                {t('reports.all')}
              </th>
              {COUNTS.map((c) => (
                <td key={c} className={cell}>
                  {format.number(report.total[c])}
                </td>
              ))}
              <td className={cell}>{format.percent(report.total.rate)}</td>
              <td className="px-2 py-2">
                <LevelTag level={report.total.level} />
              </td>
            </tr>
          </tfoot>
        </table>
      </section>
    </Card>
  )
}

function Report({ group }: { group: number }) {
  const { t } = useTranslation()
  const report = useQuery(groupReportQuery(group))
  return (
    <>
      <ProblemNote error={report.data ? null : report.error} />
      {report.isPending && <Skeleton className="h-40" />}
      {report.data?.students.length === 0 && (
        <EmptyState icon={ChartNoAxesColumn} title={t('reports.empty')} level={2} />
      )}
      {report.data && report.data.students.length > 0 && (
        <div className="grid min-w-0 gap-5">
          <Drawing report={report.data} />
          <Figures report={report.data} />
        </div>
      )}
    </>
  )
}

export function ReportsPage() {
  const { t } = useTranslation()
  const { group } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <Guard need="reports:read">
      <PageHead title={t('nav.reports')} hint={t('reports.hint')} />
      <ResourceChoice
        name="groups"
        control={{ 'aria-label': t('reports.group') }}
        className="mb-5 sm:w-72"
        value={group === undefined ? '' : String(group)}
        empty={t('reports.chooseGroup')}
        onChange={(value) =>
          void navigate({ search: value ? { group: Number(value) } : {}, replace: true })
        }
      />
      {group === undefined ? (
        <EmptyState icon={ChartNoAxesColumn} title={t('reports.none')} level={2} />
      ) : (
        <Report group={group} />
      )}
    </Guard>
  )
}
