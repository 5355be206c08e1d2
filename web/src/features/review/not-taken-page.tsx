/* Registers that nobody took: what is missing, since when, and the way there. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { notTakenQuery } from '@/api/queries/registers'
import type { RegisterDue } from '@/api/types'
import { PageHead } from '@/components/page-head'
import { PagedList } from '@/components/paged-list'
import { StateChip, Tag } from '@/components/status'
import { Card } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

const HOUR = 60
const DAY = 24 * HOUR

function useOverdue() {
  const { t } = useTranslation()
  return (minutes: number) => {
    if (minutes < HOUR) return t('notTaken.minutes', { count: minutes })
    if (minutes < DAY) return t('notTaken.hours', { count: Math.floor(minutes / HOUR) })
    return t('notTaken.days', { count: Math.floor(minutes / DAY) })
  }
}

function Due({ of }: { of: RegisterDue }) {
  const { t } = useTranslation()
  const format = useFormat()
  const overdue = useOverdue()
  const facts = [
    format.day(of.starts_at, of.time_zone),
    format.timeRange(of.starts_at, of.ends_at, of.time_zone),
    format.list(of.group_names),
    of.room_name,
    of.trainer_name,
  ]
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: of.id }}
          className="font-medium hover:underline"
        >
          <bdi>{of.module_name}</bdi>
        </Link>
        <p className="text-muted text-sm">
          <bdi>{facts.filter(Boolean).join(' · ')}</bdi>
        </p>
        <p className="text-sm">
          {t(`notTaken.${of.missing}`)}{' '}
          {t('notTaken.marked', {
            marked: format.number(of.marked),
            expected: format.number(of.expected),
          })}
        </p>
      </div>
      <Tag tone={of.minutes_overdue >= DAY ? 'bad' : 'warn'}>{overdue(of.minutes_overdue)}</Tag>
      <StateChip state={of.state} />
    </li>
  )
}

export function NotTakenPage() {
  const { t } = useTranslation()
  const query = useInfiniteQuery(notTakenQuery)
  return (
    <>
      <PageHead title={t('nav.registers')} hint={t('notTaken.hint')} />
      <Card>
        <PagedList query={query} icon={CircleCheck} none={t('notTaken.none')}>
          {(row) => <Due of={row} />}
        </PagedList>
      </Card>
    </>
  )
}
