import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { studentRecordsQuery } from '@/api/queries/attendance'
import { EmptyState } from '@/components/empty-state'
import { ProblemNote } from '@/components/problem-note'
import { StatusChip } from '@/components/status'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { DisputeMark } from './dispute'
import { canDeny, NotMe } from './not-me'

export function RecordsCard({ studentId, own }: { studentId: number; own: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const records = useQuery(studentRecordsQuery(studentId))
  const items = records.data?.items.toSorted((a, b) => b.starts_at.localeCompare(a.starts_at))
  return (
    <Card>
      <CardHead title={t('records.title')} />
      <ProblemNote error={items ? null : records.error} onRetry={() => void records.refetch()} />
      {records.isPending && <Skeleton className="h-48" />}
      {items?.length === 0 && <EmptyState icon={History} title={t('records.none')} />}
      <ul className="divide-y divide-line">
        {items?.map((record) => (
          <li key={record.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <div className="min-w-0 flex-1 basis-40">
              <Link
                to="/sessions/$sessionId"
                params={{ sessionId: record.id }}
                className="font-medium hover:underline"
              >
                <bdi>{record.module_name}</bdi>
              </Link>
              <p className="text-muted text-sm">
                {format.day(record.starts_at, record.time_zone)}
                {' · '}
                {format.time(record.starts_at, record.time_zone)}
                {record.method && ` · ${t(`method.${record.method}`)}`}
              </p>
            </div>
            <span className="sm:order-last">
              <StatusChip status={record.status} />
            </span>
            {own && canDeny(record) && <NotMe studentId={studentId} sessionId={record.id} />}
            {own && <DisputeMark studentId={studentId} record={record} />}
          </li>
        ))}
      </ul>
    </Card>
  )
}
