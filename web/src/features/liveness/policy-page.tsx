/* How much liveness each way of checking in asks for: one row a way, one column a kind of session. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  type LiveLevel,
  type LivePolicy,
  type LiveRule,
  livePolicyQuery,
  useSetLivePolicy,
} from '@/api/queries/liveness'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Card, Skeleton } from '@/components/ui/card'
import { Select } from '@/components/ui/field'
import type { TextKey } from '@/lib/i18n'

const KINDS = [null, 'course', 'lab', 'workshop', 'exam'] as const
type Kind = (typeof KINDS)[number]
type Way = LiveRule['way']

const isAt = (way: string, kind: Kind) => (r: LiveRule) =>
  r.way === way && (r.session_kind ?? null) === kind

function changed(policy: LivePolicy, way: Way, kind: Kind, level: LiveLevel | ''): LiveRule[] {
  const others = policy.rules
    .filter((r) => !isAt(way, kind)(r))
    .map(({ way, session_kind, level }) => ({ way, level, session_kind: session_kind ?? null }))
  return level ? [...others, { way, session_kind: kind, level }] : others
}

function Cell({
  policy,
  way,
  kind,
}: {
  policy: LivePolicy
  way: LivePolicy['ways'][number]
  kind: Kind
}) {
  const { t } = useTranslation()
  const set = useSetLivePolicy()
  const level = policy.rules.find(isAt(way.way, kind))?.level ?? ''
  const above = policy.rules.find(isAt(way.way, null))?.level ?? way.fallback
  const inherited = kind === null ? way.fallback : above
  const wayText = t(`live.way.${way.way}` as TextKey)
  const kindText = kind ? t(`kind.${kind}`) : t('live.everyKind')
  return (
    <>
      <Select
        aria-label={t('live.cell', { way: wayText, kind: kindText })}
        value={level}
        disabled={set.isPending}
        onChange={(e) =>
          set.mutate(changed(policy, way.way as Way, kind, e.target.value as LiveLevel | ''))
        }
      >
        <option value="">{t('live.inherit', { level: t(`live.level.${inherited}`) })}</option>
        {way.levels.map((l) => (
          <option key={l} value={l}>
            {t(`live.level.${l}` as TextKey)}
          </option>
        ))}
      </Select>
      <ProblemNote error={set.error} className="mt-2" />
    </>
  )
}

function Matrix({ policy }: { policy: LivePolicy }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4">
      {policy.ways.map((way) => (
        <Card key={way.way}>
          <h2 className="font-semibold text-lg">{t(`live.way.${way.way}` as TextKey)}</h2>
          <div className="mt-3 grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-5">
            {KINDS.map((kind) => (
              <div key={kind ?? 'any'} className="min-w-0">
                <p aria-hidden className="mb-1 text-muted text-sm">
                  {kind ? t(`kind.${kind}`) : t('live.everyKind')}
                </p>
                <Cell policy={policy} way={way} kind={kind} />
              </div>
            ))}
          </div>
        </Card>
      ))}
    </div>
  )
}

export function PolicyPage() {
  const { t } = useTranslation()
  const policy = useQuery(livePolicyQuery)
  return (
    <Guard need="liveness:manage">
      <PageHead title={t('live.policyTitle')} hint={t('live.policyHint')} />
      <ProblemNote
        error={policy.data ? null : policy.error}
        onRetry={() => void policy.refetch()}
      />
      {policy.isPending && <Skeleton className="h-96" />}
      {policy.data && <Matrix policy={policy.data} />}
    </Guard>
  )
}
