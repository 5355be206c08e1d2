/* Students who look alike or were taken for one another, and what is asked of them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { pairsQuery, useChangePair } from '@/api/queries/recognition'
import type { ApartPair } from '@/api/types'
import { PagedList } from '@/components/paged-list'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

function Person({ id, name }: { id: number; name: string }) {
  return (
    <Link
      to="/students/$studentId"
      params={{ studentId: id }}
      className="font-medium underline underline-offset-2"
    >
      <bdi>{name}</bdi>
    </Link>
  )
}

function Pair({ of }: { of: ApartPair }) {
  const { t } = useTranslation()
  const format = useFormat()
  const change = useChangePair()
  return (
    <li className="rounded-lg bg-sunk px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Person id={of.a_student_id} name={of.a_name} />
        <span className="text-muted">{t(`trust.${of.reason}`)}</span>
        {of.b_student_id !== null && of.b_name !== null ? (
          <Person id={of.b_student_id} name={of.b_name} />
        ) : (
          <span>{t('trust.somebody')}</span>
        )}
        {!of.seen && <Tag tone="warn">{t('trust.new')}</Tag>}
        {of.second_factor && <Tag tone="ok">{t('trust.secondFactor')}</Tag>}
      </p>
      <p className="text-muted text-sm">
        {of.similarity === null
          ? t('trust.times', { n: format.number(of.times) })
          : t('trust.similarity', { value: format.score(of.similarity) })}
        {' · '}
        {t('trust.since', { when: format.dateTime(of.since) })}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          size="sm"
          busy={change.isPending}
          onClick={() => change.mutate({ id: of.id, second_factor: !of.second_factor })}
        >
          {t(of.second_factor ? 'trust.faceAlone' : 'trust.askSecond')}
        </Button>
        {!of.seen && (
          <Button
            size="sm"
            variant="ghost"
            busy={change.isPending}
            onClick={() => change.mutate({ id: of.id, seen: true })}
          >
            {t('trust.markSeen')}
          </Button>
        )}
      </div>
      <ProblemNote error={change.error} className="mt-2" />
    </li>
  )
}

export function PairsCard() {
  const { t } = useTranslation()
  const query = useInfiniteQuery(pairsQuery)
  return (
    <Card>
      <CardHead title={t('trust.pairs')} hint={t('trust.pairsHint')} />
      <PagedList query={query} none={t('trust.none')} apart>
        {(pair) => <Pair of={pair} />}
      </PagedList>
    </Card>
  )
}
