/* A student's guardians, for administrators: who they are, one more, one less. */
import { useQuery } from '@tanstack/react-query'
import { UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type Guardian,
  guardiansQuery,
  useAddGuardian,
  useRemoveGuardian,
} from '@/api/queries/guardians'
import { ProblemNote } from '@/components/problem-note'
import { type FormField, ResourceDialog } from '@/components/resource-dialog'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'

const FIELDS: readonly FormField[] = [
  {
    name: 'email',
    label: 'manage.email',
    kind: 'email',
    required: true,
    hint: 'people.guardianHint',
  },
  {
    name: 'relation',
    label: 'people.relation',
    kind: 'choice',
    required: true,
    options: [
      { value: 'mother', label: 'people.relation.mother' },
      { value: 'father', label: 'people.relation.father' },
      { value: 'guardian', label: 'people.relation.guardian' },
      { value: 'other', label: 'people.relation.other' },
    ],
  },
  { name: 'may_sign', label: 'people.maySign', kind: 'switch', required: true },
  { name: 'name', label: 'manage.name', kind: 'text' },
  { name: 'password', label: 'manage.password', kind: 'password', hint: 'manage.passwordHint' },
]

function Row({ guardian, studentId }: { guardian: Guardian; studentId: number }) {
  const { t } = useTranslation()
  const remove = useRemoveGuardian(studentId)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium">
          <bdi>{guardian.name}</bdi>
        </p>
        <p className="break-words text-muted text-sm">
          {t(`people.relation.${guardian.relation}`)}
          {' · '}
          <bdi dir="ltr">{guardian.email}</bdi>
          {!guardian.may_sign && ` · ${t('people.readsOnly')}`}
        </p>
        <ProblemNote error={remove.error} />
      </div>
      <Button
        size="sm"
        busy={remove.isPending}
        aria-label={t('people.removeGuardian', { name: guardian.name })}
        onClick={() => remove.mutate(guardian.guardian_id)}
      >
        {t('people.remove')}
      </Button>
    </li>
  )
}

export default function GuardiansCard({ studentId }: { studentId: number }) {
  const { t } = useTranslation()
  const guardians = useQuery(guardiansQuery(studentId))
  const add = useAddGuardian(studentId)
  const [adding, setAdding] = useState(false)
  const close = () => {
    setAdding(false)
    add.reset()
  }
  return (
    <Card>
      <CardHead title={t('people.guardians')}>
        <Button size="sm" onClick={() => setAdding(true)}>
          <UserRoundPlus aria-hidden className="size-4" />
          {t('people.addGuardian')}
        </Button>
      </CardHead>
      <ProblemNote error={guardians.error} />
      {guardians.isPending && <Skeleton className="h-12" />}
      {guardians.data?.items.length === 0 && (
        <p className="text-muted">{t('people.noGuardians')}</p>
      )}
      <ul className="divide-y divide-line">
        {guardians.data?.items.map((guardian) => (
          <Row key={guardian.id} guardian={guardian} studentId={studentId} />
        ))}
      </ul>
      {adding && (
        <ResourceDialog
          title={t('people.addGuardian')}
          fields={FIELDS}
          row={undefined}
          defaults={{ may_sign: 'true' }}
          busy={add.isPending}
          error={add.error}
          onClose={close}
          onSave={(body) => add.mutate(body, { onSuccess: close })}
        />
      )}
    </Card>
  )
}
