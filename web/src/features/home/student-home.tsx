import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { summaryQuery } from '@/api/queries/attendance'
import { useMe } from '@/api/queries/auth'
import { sessionsQuery } from '@/api/queries/sessions'
import { consentQuery } from '@/api/queries/students'
import { CheckInLink } from '@/components/check-in-link'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { SummaryCard } from '@/components/summary-card'
import { buttonClass } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { dayEnd, dayStart } from '@/lib/format'
import { useToday } from '@/lib/today'
import { SessionsBlock } from './today-sessions'

const TONE = {
  given: 'ok',
  none: 'idle',
  withdrawn: 'warn',
  refused: 'warn',
  assented: 'idle',
} as const

function ConsentCard({ studentId }: { studentId: number }) {
  const { t } = useTranslation()
  const consent = useQuery(consentQuery(studentId))
  return (
    <Card>
      <CardHead title={t('consent.title')} hint={t('consent.short')} />
      <ProblemNote error={consent.error} />
      {consent.data ? (
        <Tag tone={TONE[consent.data.state]}>{t(`consent.state.${consent.data.state}`)}</Tag>
      ) : (
        <Skeleton className="h-7 w-32" />
      )}
      <p className="mt-4">
        <Link to="/students/$studentId" params={{ studentId }} className={buttonClass('outline')}>
          {t('consent.see')}
        </Link>
      </p>
    </Card>
  )
}

function Mine({ studentId }: { studentId: number }) {
  const summary = useQuery(summaryQuery(studentId))
  return (
    <div className="grid content-start gap-4">
      <SummaryCard query={summary} />
      <ConsentCard studentId={studentId} />
    </div>
  )
}

export function StudentHome() {
  const { t } = useTranslation()
  const me = useMe()
  const today = useToday()
  const todays = useQuery(sessionsQuery({ from: dayStart(today), to: dayEnd(today) }))
  return (
    <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <SessionsBlock query={todays} title={t('home.today')} empty={t('home.noneToday')}>
        {(session) => <CheckInLink session={session} />}
      </SessionsBlock>
      {me.student_id !== null && <Mine studentId={me.student_id} />}
    </div>
  )
}
