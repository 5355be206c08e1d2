/* Cases of students who look like an enrolled one; a person says whether they are one person. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { duplicatesQuery, useResolve } from '@/api/queries/faces'
import type { DuplicateCase } from '@/api/types'
import { PagedList } from '@/components/paged-list'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Input } from '@/components/ui/field'
import { useFormat } from '@/lib/format'

const TONES = { open: 'warn', same_person: 'bad', different_people: 'ok' } as const

function Person({ id, name, number }: { id: number; name: string; number: string }) {
  return (
    <Link
      to="/students/$studentId"
      params={{ studentId: id }}
      className="font-medium underline underline-offset-2"
    >
      <bdi>{name}</bdi> <bdi className="text-muted">{number}</bdi>
    </Link>
  )
}

function Verdict({ of }: { of: DuplicateCase }) {
  const { t } = useTranslation()
  const id = useId()
  const [note, setNote] = useState('')
  const resolve = useResolve()
  const judge = (verdict: 'same_person' | 'different_people') =>
    resolve.mutate({ id: of.id, verdict, note: note.trim() })
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="sr-only">
        {t('duplicates.note')}
      </label>
      <Input
        id={id}
        value={note}
        maxLength={500}
        placeholder={t('duplicates.note')}
        onChange={(e) => setNote(e.target.value)}
        className="min-w-0 flex-1 basis-48"
      />
      <Button busy={resolve.isPending} onClick={() => judge('different_people')}>
        {t('duplicates.different')}
      </Button>
      <Button variant="danger" busy={resolve.isPending} onClick={() => judge('same_person')}>
        {t('duplicates.same')}
      </Button>
      <ProblemNote error={resolve.error} className="w-full" />
    </div>
  )
}

function Case({ of }: { of: DuplicateCase }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [again, setAgain] = useState(false)
  return (
    <li className="rounded-lg bg-sunk px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Person id={of.student_id} name={of.student_name} number={of.student_number} />
        <span className="text-muted">{t('duplicates.looksLike')}</span>
        <Person id={of.other_student_id} name={of.other_name} number={of.other_number} />
        <span className="text-muted text-sm">
          {t('duplicates.similarity', { value: format.score(of.similarity) })}
        </span>
        <Tag tone={TONES[of.state]}>{t(`duplicates.state.${of.state}`)}</Tag>
      </p>
      {of.resolved_at && (
        <p className="text-muted text-sm">
          {format.dateTime(of.resolved_at)}
          {of.resolved_by_name && (
            <>
              {' · '}
              <bdi>{of.resolved_by_name}</bdi>
            </>
          )}
          {of.note && (
            <>
              {' · '}
              <bdi>{of.note}</bdi>
            </>
          )}
        </p>
      )}
      {of.state === 'same_person' && (
        <p className="text-muted text-sm">{t('duplicates.sameHint')}</p>
      )}
      {of.state === 'open' || again ? (
        <Verdict of={of} />
      ) : (
        <Button size="sm" variant="ghost" className="mt-1" onClick={() => setAgain(true)}>
          {t('duplicates.again')}
        </Button>
      )}
    </li>
  )
}

export function DuplicatesCard() {
  const { t } = useTranslation()
  const query = useInfiniteQuery(duplicatesQuery)
  return (
    <Card>
      <CardHead title={t('duplicates.title')} hint={t('duplicates.hint')} />
      <PagedList query={query} none={t('duplicates.none')} apart>
        {(row) => <Case key={`${row.id} ${row.state}`} of={row} />}
      </PagedList>
    </Card>
  )
}
