/* A student's attendance so far: the rate as a ring, the counts beside it. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Summary } from '@/api/types'
import { Legend } from './counts-bar'
import { ProblemNote } from './problem-note'
import { RateRing } from './rate-ring'
import { STATUSES } from './status'
import { Card, CardHead, Skeleton } from './ui/card'

const MARKS = STATUSES.filter((s) => s !== 'unmarked')

export function SummaryCard({ query }: { query: UseQueryResult<Summary> }) {
  const { t } = useTranslation()
  const summary = query.data
  return (
    <Card>
      <CardHead
        title={t('summary.title')}
        hint={summary && t('summary.sessions', { count: summary.sessions })}
      />
      <ProblemNote error={summary ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Skeleton className="size-32 rounded-full" />}
      {summary && (
        <div className="flex flex-wrap items-center gap-6">
          <RateRing rate={summary.sessions > 0 ? summary.rate : null} label={t('summary.rate')} />
          <div className="min-w-40 flex-1">
            <Legend
              only={MARKS}
              counts={{
                present: summary.present,
                late: summary.late,
                partial: summary.partial,
                left_early: summary.left_early,
                remote: summary.remote,
                absent: summary.absent,
                excused: summary.excused,
                unmarked: 0,
              }}
            />
          </div>
        </div>
      )}
    </Card>
  )
}
