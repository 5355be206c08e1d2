/* For administrators: what counts as a check-in, and the letters of the register. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { policiesQuery } from '@/api/queries/presence'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { CodesCard } from './codes-card'
import { PolicyForm } from './policy-form'

export function PresencePage() {
  const { t } = useTranslation()
  const policies = useQuery(policiesQuery)
  return (
    <Guard need="presence:manage">
      <PageHead title={t('presence.title')} hint={t('presence.hint')} />
      <div className="grid min-w-0 gap-5">
        <Card>
          <CardHead title={t('presence.policies')} hint={t('presence.policiesHint')} />
          <ProblemNote
            error={policies.data ? null : policies.error}
            onRetry={() => void policies.refetch()}
          />
          {policies.isPending && <Skeleton className="h-64" />}
          <div className="grid gap-3">
            {policies.data?.policies.map((policy) => (
              <PolicyForm
                key={`${policy.kind} ${policy.source} ${policy.version}`}
                policy={policy}
              />
            ))}
          </div>
        </Card>
        <CodesCard />
      </div>
    </Guard>
  )
}
