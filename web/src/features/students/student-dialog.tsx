import { useTranslation } from 'react-i18next'
import { type Body, useSaveResource } from '@/api/queries/resources'
import { useMoveStudent } from '@/api/queries/students'
import type { Student } from '@/api/types'
import { type FormField, ResourceDialog } from '@/components/resource-dialog'
import { toast } from '@/lib/toast'

const FIELDS: readonly FormField[] = [
  { name: 'name', label: 'students.name', kind: 'text', required: true },
  { name: 'student_number', label: 'students.number', kind: 'text', required: true, max: 32 },
  { name: 'group_id', label: 'students.group', kind: 'resource', resource: 'groups' },
  { name: 'birth_date', label: 'students.birthDate', kind: 'date' },
  {
    name: 'email',
    label: 'manage.email',
    kind: 'email',
    onCreate: true,
    hint: 'students.loginHint',
  },
  {
    name: 'password',
    label: 'manage.password',
    kind: 'password',
    onCreate: true,
    hint: 'manage.passwordHint',
    max: 128,
  },
]

type Props = { student?: Student; onClose: () => void }

export default function StudentDialog({ student, onClose }: Props) {
  const { t } = useTranslation()
  const save = useSaveResource('students')
  const move = useMoveStudent()
  const done = () => {
    onClose()
    toast(t('manage.saved'), { tone: 'ok' })
  }
  const submit = ({ group_id, ...body }: Body) => {
    const to = group_id === undefined ? undefined : (group_id as number | null)
    const settle = (studentId: number) =>
      to === undefined
        ? done()
        : move.mutate({ studentId, from: student?.group_id ?? null, to }, { onSuccess: done })
    if (student && Object.keys(body).length === 0) settle(student.id)
    else save.mutate({ row: student, body }, { onSuccess: (saved) => settle(saved.id) })
  }
  return (
    <ResourceDialog
      title={t(student ? 'student.edit' : 'students.add')}
      fields={FIELDS}
      row={student}
      busy={save.isPending || move.isPending}
      error={save.error ?? move.error}
      onClose={onClose}
      onSave={submit}
    />
  )
}
