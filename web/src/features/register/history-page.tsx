/* What happened to a register as a whole: each step with who, when and why, and hand-overs. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ArrowRight, History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { handOversQuery, type Step, stepsQuery } from '@/api/queries/history'
import { registerQuery } from '@/api/queries/sessions'
import type { HandOver, SessionState } from '@/api/types'
import { BackLink } from '@/components/back-link'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { PagedList } from '@/components/paged-list'
import { ProblemNote } from '@/components/problem-note'
import { StateChip } from '@/components/status'
import { Card, CardHead } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { ChainCard } from './chain-card'

const route = getRouteApi('/shell/sessions/$sessionId/history')

type When = { at: string; zone: string | undefined; by: string | null; link?: number | null }

function WhoAndWhen({ at, zone, by, link = null }: When) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <p className="text-muted text-sm">
      <time dateTime={at}>{format.dateTime(at, zone)}</time>
      {' · '}
      {by === null ? t('steps.byServer') : <bdi>{by}</bdi>}
      {link !== null && ` · ${t('steps.link', { n: format.number(link) })}`}
    </p>
  )
}

const Reason = ({ text }: { text: string | null }) =>
  text && (
    <p className="mt-1 whitespace-pre-wrap break-words">
      <bdi>{text}</bdi>
    </p>
  )

function StepRow({ step, zone }: { step: Step; zone: string | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const changed = step.state_before !== step.state_after
  return (
    <li className="py-3" data-step={step.kind}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <p className="me-auto font-medium">{t(`steps.kind.${step.kind}`)}</p>
        {changed && (
          <p className="flex flex-wrap items-center gap-2">
            <StateChip state={step.state_before as SessionState} />
            <ArrowRight aria-hidden className="flip-rtl size-4 text-muted" />
            <StateChip state={step.state_after as SessionState} />
          </p>
        )}
      </div>
      <WhoAndWhen at={step.at} zone={zone} by={step.by_name} link={step.seq} />
      {step.starts_at && step.ends_at && (
        <p className="mt-1">
          {t('steps.newTime', {
            time: `${format.longDay(step.starts_at, zone)}, ${format.timeRange(step.starts_at, step.ends_at, zone)}`,
          })}
        </p>
      )}
      <Reason text={step.reason} />
    </li>
  )
}

const HandOverRow = ({ of, zone }: { of: HandOver; zone: string | undefined }) => {
  const { t } = useTranslation()
  return (
    <li className="py-3">
      <p className="font-medium">
        {t('steps.given', { from: of.from_trainer_name, to: of.to_trainer_name })}
      </p>
      <WhoAndWhen at={of.at} zone={zone} by={of.by_name} />
      <Reason text={of.reason} />
    </li>
  )
}

function RegisterHistory() {
  const { t } = useTranslation()
  const format = useFormat()
  const { sessionId } = route.useParams()
  const register = useQuery(registerQuery(sessionId))
  const session = register.data?.session
  const zone = session?.time_zone
  return (
    <>
      <PageHead
        title={t('steps.title')}
        before={
          <BackLink to="/sessions/$sessionId" params={{ sessionId }}>
            {t('steps.back')}
          </BackLink>
        }
        hint={
          session && (
            <>
              <bdi>{session.module_name}</bdi>
              {` · ${format.longDay(session.starts_at, zone)} · ${format.timeRange(session.starts_at, session.ends_at, zone)}`}
            </>
          )
        }
      />
      {register.error && !session ? (
        <ProblemNote error={register.error} onRetry={() => void register.refetch()} />
      ) : (
        <Steps sessionId={sessionId} zone={session?.time_zone} />
      )}
    </>
  )
}

function Steps({ sessionId, zone }: { sessionId: number; zone: string | undefined }) {
  const { t } = useTranslation()
  const steps = useInfiniteQuery(stepsQuery(sessionId))
  const handOvers = useInfiniteQuery(handOversQuery(sessionId))
  const maySystem = useMay('system:read')
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <Card>
        <CardHead title={t('steps.past')} hint={t('steps.hint')} />
        <PagedList
          query={steps}
          icon={History}
          none={t('steps.none')}
          noneHint={t('steps.noneHint')}
        >
          {(step) => <StepRow step={step} zone={zone} />}
        </PagedList>
      </Card>
      <div className="grid min-w-0 gap-5">
        <Card>
          <CardHead title={t('steps.handOvers')} />
          <PagedList query={handOvers} none={t('steps.notHanded')}>
            {(one) => <HandOverRow of={one} zone={zone} />}
          </PagedList>
        </Card>
        {maySystem && <ChainCard sessionId={sessionId} />}
      </div>
    </div>
  )
}

export const HistoryPage = () => (
  <Guard need="sessions:run">
    <RegisterHistory />
  </Guard>
)
