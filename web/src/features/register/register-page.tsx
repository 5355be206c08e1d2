import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { registerQuery } from '@/api/queries/sessions'
import type { Session } from '@/api/types'
import { BackLink } from '@/components/back-link'
import { CheckInLink } from '@/components/check-in-link'
import { CodeLink } from '@/components/code-link'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { StateChip } from '@/components/status'
import { Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { HandOverButton } from './hand-over'
import { RegisterView } from './register-view'
import { StateActions } from './state-actions'

const route = getRouteApi('/shell/sessions/$sessionId')

function Facts({ session }: { session: Session }) {
  const { t } = useTranslation()
  const format = useFormat()
  const facts = [
    format.longDay(session.starts_at, session.time_zone),
    format.timeRange(session.starts_at, session.ends_at, session.time_zone),
    format.list(session.group_names),
    session.room_name,
    session.trainer_name,
    t(`kind.${session.kind}`),
  ]
  return (
    <ul className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      <li>
        <StateChip state={session.state} />
      </li>
      {facts.map(
        (fact) =>
          fact && (
            <li key={fact} className="not-last:after:ms-2 not-last:after:content-['·']">
              <bdi>{fact}</bdi>
            </li>
          ),
      )}
    </ul>
  )
}

export function RegisterPage() {
  const { t } = useTranslation()
  const { sessionId } = route.useParams()
  const register = useQuery(registerQuery(sessionId))
  const mayRun = useMay('sessions:run')
  const session = register.data?.session
  const back = <BackLink to="/sessions">{t('nav.sessions')}</BackLink>
  if (register.error && !register.data) {
    return (
      <>
        <PageHead title={t('register.title')} before={back} />
        <ProblemNote error={register.error} onRetry={() => void register.refetch()} />
      </>
    )
  }
  if (!session || !register.data) {
    return (
      <>
        <PageHead
          title={t('register.title')}
          before={back}
          hint={<Skeleton className="h-6 w-80 max-w-full" />}
        />
        <Skeleton className="mb-4 h-20" />
        <Skeleton className="h-[32rem]" />
      </>
    )
  }
  return (
    <>
      <PageHead title={session.module_name} before={back} hint={<Facts session={session} />}>
        {mayRun && <HandOverButton session={session} />}
        {mayRun && <StateActions session={session} />}
        <CodeLink session={session} />
        <CheckInLink session={session} />
      </PageHead>
      <RegisterView register={register.data} />
    </>
  )
}
