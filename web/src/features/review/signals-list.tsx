/* Signals: each a sentence of what was seen. Judging one changes no mark. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { signalsQuery, useReview } from '@/api/queries/registers'
import type { Signal } from '@/api/types'
import { PagedList } from '@/components/paged-list'
import { Tag } from '@/components/status'
import { Card } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { useUi } from '@/lib/ui-store'
import { Verdict } from './verdict'

const TONES = { open: 'warn', harmless: 'ok', confirmed: 'bad' } as const

function Item({ of }: { of: Signal }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lang = useUi((s) => s.lang)
  const review = useReview()
  return (
    <li className="py-4" data-signal={of.kind}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{t(`signal.kind.${of.kind}`)}</span>
        <Tag tone={TONES[of.state]}>{t(`signal.state.${of.state}`)}</Tag>
        {of.student_id !== null && (
          <Link
            to="/students/$studentId"
            params={{ studentId: of.student_id }}
            className="text-sm underline underline-offset-2"
          >
            <bdi>{of.student_name}</bdi>
          </Link>
        )}
        {of.session_id !== null && of.starts_at && (
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: of.session_id }}
            className="text-muted text-sm underline underline-offset-2"
          >
            <bdi>{of.module_name}</bdi> · {format.day(of.starts_at, of.time_zone ?? undefined)}
          </Link>
        )}
      </p>
      <p className="mt-1">{of.why[lang]}</p>
      <p className="text-muted text-sm">
        {format.dateTime(of.created_at)}
        {of.reviewed_by_name && (
          <>
            {' · '}
            <bdi>{of.reviewed_by_name}</bdi>
          </>
        )}
        {of.message && (
          <>
            {' · '}
            <bdi>{of.message}</bdi>
          </>
        )}
      </p>
      {of.state === 'open' && (
        <Verdict
          about={t(`signal.kind.${of.kind}`)}
          busy={review.isPending}
          error={review.error}
          choices={[
            { key: 'harmless', label: t('signal.harmless') },
            { key: 'confirmed', label: t('signal.confirm'), variant: 'danger' },
          ]}
          onChoose={(key, message) =>
            review.mutate({
              id: of.id,
              outcome: key === 'harmless' ? 'harmless' : 'confirmed',
              message,
            })
          }
        />
      )}
    </li>
  )
}

export function SignalsList({ all }: { all: boolean }) {
  const { t } = useTranslation()
  const query = useInfiniteQuery(signalsQuery(all ? undefined : 'open'))
  return (
    <Card>
      <PagedList query={query} icon={ShieldCheck} none={t('signal.none')}>
        {(row) => <Item of={row} />}
      </PagedList>
    </Card>
  )
}
