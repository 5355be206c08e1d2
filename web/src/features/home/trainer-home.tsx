import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { sessionsQuery, useSessionAction } from '@/api/queries/sessions'
import type { Session } from '@/api/types'
import { Button, buttonClass } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { addDays, dayEnd, dayStart } from '@/lib/format'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { useToday } from '@/lib/today'
import { SessionsBlock } from './today-sessions'

const AHEAD_DAYS = 7
const BACK_DAYS = 14

function OpenRegister({ session }: { session: Session }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const act = useSessionAction(session.id)
  const go = () => navigate({ to: '/sessions/$sessionId', params: { sessionId: session.id } })
  if (session.state !== 'scheduled') {
    return (
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId: session.id }}
        className={buttonClass(session.state === 'open' ? 'primary' : 'outline')}
      >
        {t('home.showRegister')}
      </Link>
    )
  }
  const soon = Date.now() >= new Date(session.opens_at).getTime()
  return (
    <Button
      variant={soon ? 'primary' : 'outline'}
      busy={act.isPending}
      onClick={() =>
        act.mutate(
          { action: 'open' },
          {
            onSuccess: () => void go(),
            onError: (error) => toast(problemText(t, error), { tone: 'bad' }),
          },
        )
      }
    >
      <Play aria-hidden className="flip-rtl size-4" />
      {t('home.openRegister')}
    </Button>
  )
}

export function TrainerHome() {
  const { t } = useTranslation()
  const today = useToday()
  const todays = useQuery(sessionsQuery({ from: dayStart(today), to: dayEnd(today) }))
  const next = useQuery(
    sessionsQuery({
      from: dayEnd(today),
      to: dayEnd(addDays(today, AHEAD_DAYS)),
      state: 'scheduled',
    }),
  )
  const left = useQuery(
    sessionsQuery({
      from: dayStart(addDays(today, -BACK_DAYS)),
      to: dayStart(today),
      state: 'open',
    }),
  )
  const unconfirmed = useQuery(
    sessionsQuery({
      from: dayStart(addDays(today, -BACK_DAYS)),
      to: dayEnd(today),
      state: 'closed',
    }),
  )
  /* Shown when all is known, so that nothing moves under the pointer. */
  if (todays.isPending || left.isPending || unconfirmed.isPending) {
    return (
      <div className="grid gap-3" role="status" aria-label={t('common.loading')}>
        {['a', 'b', 'c', 'd'].map((k) => (
          <Skeleton key={k} className="h-24" />
        ))}
      </div>
    )
  }
  return (
    <div className="grid gap-8">
      {!!left.data?.items.length && (
        <SessionsBlock query={left} title={t('home.stillOpen')} empty="" withDay />
      )}
      <SessionsBlock
        query={todays}
        title={t('home.today')}
        empty={t('home.noneToday')}
        emptyHint={t('home.noneTodayHint')}
      >
        {(session) => <OpenRegister session={session} />}
      </SessionsBlock>
      {!!unconfirmed.data?.items.length && (
        <SessionsBlock query={unconfirmed} title={t('home.toConfirm')} empty="" withDay most={5} />
      )}
      <NextSessions query={next} />
    </div>
  )
}

function NextSessions({ query }: { query: Parameters<typeof SessionsBlock>[0]['query'] }) {
  const { t } = useTranslation()
  return (
    <SessionsBlock
      query={query}
      title={t('home.next')}
      empty={t('home.noneNext')}
      withDay
      most={6}
    />
  )
}
