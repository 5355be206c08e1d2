import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Pencil } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { summaryQuery } from '@/api/queries/attendance'
import { may, useMe } from '@/api/queries/auth'
import { studentQuery } from '@/api/queries/students'
import type { Student } from '@/api/types'
import { BackLink } from '@/components/back-link'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { SummaryCard } from '@/components/summary-card'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { isForgotten, orNothing } from '@/lib/forgotten'
import { useFormat } from '@/lib/format'
import { loadTexts } from '@/lib/i18n'
import { ConsentCard } from './consent-card'
import { ConsentLedger } from './consent-ledger'
import { EnrolmentCard } from './enrolment-card'
import { RecordsCard } from './records-card'

const GuardiansCard = lazy(async () => {
  await loadTexts('people')
  return import('./guardians-card')
})
const LeavingCard = lazy(async () => {
  await loadTexts('forget')
  return import('./leaving-card')
})
const StudentDialog = lazy(() => import('./student-dialog'))

const route = getRouteApi('/shell/students/$studentId')

function Details({ student }: { student: Student }) {
  const { t } = useTranslation()
  const format = useFormat()
  const facts = [
    ['students.number', orNothing(student.student_number)],
    ['students.group', student.group_name],
    ['manage.email', orNothing(student.email)],
    [
      'students.birthDate',
      student.birth_date && format.date(`${student.birth_date}T12:00:00Z`, 'UTC'),
    ],
  ] as const
  return (
    <Card>
      <CardHead title={t('student.details')} />
      <dl className="grid gap-3">
        {facts.map(([label, value]) => (
          <div key={label} className="flex flex-wrap justify-between gap-x-4">
            <dt className="text-muted">{t(label)}</dt>
            <dd className="min-w-0 break-words">
              <bdi>{value ?? '–'}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function Hint({ student }: { student: Student }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <bdi>
        {[orNothing(student.student_number), student.group_name].filter(Boolean).join(' · ')}
      </bdi>
      {student.archived && <Tag tone="idle">{t('student.archived')}</Tag>}
    </span>
  )
}

export function StudentPage() {
  const { t } = useTranslation()
  const { studentId } = route.useParams()
  const me = useMe()
  const own = me.student_id === studentId
  const student = useQuery(studentQuery(studentId))
  const summary = useQuery(summaryQuery(studentId))
  const [editing, setEditing] = useState(false)
  const s = student.data
  const forgotten = s !== undefined && isForgotten(s.student_number)
  const back = !own && may(me, 'people:read') && (
    <BackLink to="/students">{t('nav.students')}</BackLink>
  )
  if (student.error && !s) {
    return (
      <>
        <PageHead title={t('student.title')} before={back} />
        <ProblemNote error={student.error} onRetry={() => void student.refetch()} />
      </>
    )
  }
  return (
    <>
      <PageHead
        title={s?.name ?? t('student.title')}
        before={back}
        hint={s ? <Hint student={s} /> : null}
      >
        {s && !s.archived && may(me, 'users:manage') && (
          <Button onClick={() => setEditing(true)}>
            <Pencil aria-hidden className="size-4" />
            {t('student.edit')}
          </Button>
        )}
      </PageHead>
      {!s && <Skeleton className="h-96" />}
      {s && (
        <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
          <div className="grid min-w-0 gap-5">
            {!forgotten && may(me, 'enrolment:read') && <EnrolmentCard student={s} />}
            <RecordsCard studentId={studentId} own={own} />
          </div>
          <div className="grid gap-5">
            <SummaryCard query={summary} />
            {!forgotten && may(me, 'consent:give') && <ConsentCard student={s} own={own} />}
            {may(me, 'consent:give') && <ConsentLedger studentId={studentId} own={own} />}
            <Details student={s} />
            {!forgotten && may(me, 'guardians:manage') && (
              <Suspense fallback={<Skeleton className="h-32" />}>
                <GuardiansCard studentId={studentId} />
              </Suspense>
            )}
            {may(me, 'privacy:forget') && (
              <Suspense fallback={<Skeleton className="h-32" />}>
                <LeavingCard student={s} />
              </Suspense>
            )}
          </div>
        </div>
      )}
      {s && editing && (
        <Suspense fallback={null}>
          <StudentDialog student={s} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  )
}
