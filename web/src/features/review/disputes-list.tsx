/* Disputes, oldest first. Accepting corrects the mark; what it was stays in its history. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight, Inbox } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { disputesQuery, useDecide } from '@/api/queries/registers'
import type { Dispute } from '@/api/types'
import { PagedList } from '@/components/paged-list'
import { StatusChip, Tag } from '@/components/status'
import { Card } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { Verdict } from './verdict'

const TONES = { open: 'warn', accepted: 'ok', rejected: 'bad', withdrawn: 'idle' } as const

function Item({ of }: { of: Dispute }) {
  const { t } = useTranslation()
  const format = useFormat()
  const decide = useDecide()
  const locked = of.session_state === 'confirmed'
  return (
    <li className="py-4" data-dispute={of.id}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          to="/students/$studentId"
          params={{ studentId: of.student_id }}
          className="font-medium hover:underline"
        >
          <bdi>{of.student_name}</bdi>
        </Link>
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: of.session_id }}
          className="text-muted text-sm underline underline-offset-2"
        >
          <bdi>{of.module_name}</bdi> · {format.day(of.starts_at, of.time_zone)}
        </Link>
        <Tag tone={TONES[of.state]}>{t(`dispute.state.${of.state}`)}</Tag>
      </p>
      <p className="mt-2 flex flex-wrap items-center gap-2">
        <StatusChip status={of.status_then} />
        <ArrowRight aria-hidden className="flip-rtl size-4 text-muted" />
        <StatusChip status={of.decided_status ?? of.claimed} />
        {of.derived_now && of.derived_now !== of.status_now && (
          <span className="text-muted text-sm">
            {t('why.derived', { status: t(`status.${of.derived_now}`) })}
          </span>
        )}
      </p>
      <p className="mt-2 whitespace-pre-line">
        <bdi>{of.message}</bdi>
      </p>
      <p className="text-muted text-sm">{format.dateTime(of.created_at)}</p>
      {of.answer && (
        <p className="mt-1 text-sm">
          <span className="text-muted">{t('dispute.answer')}</span> <bdi>{of.answer}</bdi>
        </p>
      )}
      {of.state === 'open' && locked && (
        <p className="mt-2 text-sm text-warn">{t('dispute.locked')}</p>
      )}
      {of.state === 'open' && (
        <Verdict
          about={of.student_name}
          busy={decide.isPending}
          error={decide.error}
          choices={[
            { key: 'reject', label: t('dispute.reject'), needsWords: true },
            { key: 'accept', label: t('dispute.accept'), variant: 'primary' },
          ]}
          onChoose={(key, message) =>
            decide.mutate({ id: of.id, accept: key === 'accept', message })
          }
        />
      )}
    </li>
  )
}

export function DisputesList({ all }: { all: boolean }) {
  const { t } = useTranslation()
  const query = useInfiniteQuery(disputesQuery(all ? undefined : 'open'))
  return (
    <Card>
      <PagedList query={query} icon={Inbox} none={t('dispute.none')}>
        {(row) => <Item of={row} />}
      </PagedList>
    </Card>
  )
}
