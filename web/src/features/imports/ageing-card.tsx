import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ageingQuery } from '@/api/queries/faces'
import { PagedList } from '@/components/paged-list'
import { Tag } from '@/components/status'
import { Card, CardHead } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

export function AgeingCard() {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useInfiniteQuery(ageingQuery)
  return (
    <Card>
      <CardHead title={t('ageing.title')} hint={t('ageing.hint')} />
      <PagedList query={query} none={t('ageing.none')} apart>
        {(row) => (
          <li className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg bg-sunk px-4 py-2.5">
            <Link
              to="/students/$studentId"
              params={{ studentId: row.student_id }}
              className="me-auto font-medium underline-offset-2 hover:underline"
            >
              <bdi>{row.student_name}</bdi> <bdi className="text-muted">{row.student_number}</bdi>
            </Link>
            {row.assurance === 'low' && <Tag tone="warn">{t('assurance.low')}</Tag>}
            <span className="text-muted text-sm">
              {t('ageing.since', { made: format.date(row.at), due: format.date(row.due_at) })}
            </span>
          </li>
        )}
      </PagedList>
    </Card>
  )
}
