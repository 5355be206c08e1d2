import { useTranslation } from 'react-i18next'
import { useSaveResource } from '@/api/queries/resources'
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
  return (
    <ResourceDialog
      title={t(student ? 'student.edit' : 'students.add')}
      fields={FIELDS}
      row={student}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSave={(body) =>
        save.mutate(
          { row: student, body },
          {
            onSuccess: () => {
              onClose()
              toast(t('manage.saved'), { tone: 'ok' })
            },
          },
        )
      }
    />
  )
}
