import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { wardsQuery } from '@/api/queries/papers'
import { sessionsQuery } from '@/api/queries/sessions'
import type { Student } from '@/api/types'
import { EmptyState } from '@/components/empty-state'
import { ProblemNote } from '@/components/problem-note'
import { Card, Skeleton } from '@/components/ui/card'
import { dayEnd, dayStart } from '@/lib/format'
import { useToday } from '@/lib/today'
import { SessionsBlock } from './today-sessions'

function Ward({ student }: { student: Student }) {
  return (
    <li>
      <Link
        to="/students/$studentId"
        params={{ studentId: student.id }}
        className="block rounded-lg border border-line p-4 hover:bg-sunk"
      >
        <span className="block font-medium">
          <bdi>{student.name}</bdi>
        </span>
        <span className="block text-muted text-sm">
          <bdi>{[student.student_number, student.group_name].filter(Boolean).join(' · ')}</bdi>
        </span>
      </Link>
    </li>
  )
}

export function GuardianHome() {
  const { t } = useTranslation()
  const today = useToday()
  const todays = useQuery(sessionsQuery({ from: dayStart(today), to: dayEnd(today) }))
  const wards = useQuery(wardsQuery)
  const items = wards.data?.items
  return (
    <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <SessionsBlock query={todays} title={t('home.today')} empty={t('home.noneToday')} />
      <section aria-label={t('people.wards')}>
        <h2 className="mb-3 font-semibold text-lg">{t('people.wards')}</h2>
        <ProblemNote error={items ? null : wards.error} onRetry={() => void wards.refetch()} />
        {wards.isPending && <Skeleton className="h-24" />}
        {items?.length === 0 && (
          <Card className="p-0">
            <EmptyState
              icon={UsersRound}
              title={t('people.noWards')}
              hint={t('people.noWardsHint')}
            />
          </Card>
        )}
        <ul className="grid gap-3">
          {items?.map((student) => (
            <Ward key={student.id} student={student} />
          ))}
        </ul>
      </section>
    </div>
  )
}
