import type { UseQueryResult } from '@tanstack/react-query'
import { CalendarCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Page, Session } from '@/api/types'
import { EmptyState } from '@/components/empty-state'
import { ProblemNote } from '@/components/problem-note'
import { SessionCard, SessionList } from '@/components/session-card'
import { Card, Skeleton } from '@/components/ui/card'

type Props = {
  query: UseQueryResult<Page<Session>>
  title: string
  empty: string
  emptyHint?: string
  withDay?: boolean
  most?: number
  children?: (session: Session) => ReactNode
}

export function SessionsBlock(props: Props) {
  const { query, title, empty, emptyHint, withDay = false, most = 20, children } = props
  const { t } = useTranslation()
  const items = query.data?.items
  return (
    <section aria-label={title}>
      <h2 className="mb-3 font-semibold text-lg">{title}</h2>
      <ProblemNote error={query.data ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && (
        <div className="grid gap-3" role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-24" />
          <Skeleton className="h-24" />
        </div>
      )}
      {items?.length === 0 && (
        <Card className="p-0">
          <EmptyState icon={CalendarCheck} title={empty} hint={emptyHint} />
        </Card>
      )}
      {items && items.length > 0 && (
        <SessionList>
          {items.slice(0, most).map((session) => (
            <SessionCard key={session.id} session={session} withDay={withDay}>
              {children?.(session)}
            </SessionCard>
          ))}
        </SessionList>
      )}
    </section>
  )
}
