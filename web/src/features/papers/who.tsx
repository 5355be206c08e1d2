/* Whose justification it is: nothing for a student, the wards for a guardian, a search for others. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wardsQuery } from '@/api/queries/papers'
import { studentsQuery } from '@/api/queries/students'
import { SearchInput } from '@/components/search-input'
import { Field, Select } from '@/components/ui/field'

type Props = { value: string; onChange: (id: string) => void; error?: string | undefined }
type Person = { id: number; name: string; student_number: string }

function Choice({ people, value, onChange, error }: Props & { people: readonly Person[] }) {
  const { t } = useTranslation()
  return (
    <Field label={t('papers.student')} error={error}>
      {(control) => (
        <Select {...control} required value={value} onChange={(e) => onChange(e.target.value)}>
          <option value="">{t('common.choose')}</option>
          {people.map((p) => (
            <option key={p.id} value={p.id}>
              {p.name} ({p.student_number})
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

export function WardChoice(props: Props) {
  const wards = useQuery(wardsQuery)
  return <Choice {...props} people={wards.data?.items ?? []} />
}

export function StudentChoice(props: Props) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const students = useInfiniteQuery(studentsQuery({ limit: 20, ...(q ? { q } : {}) }))
  return (
    <>
      <SearchInput label={t('papers.find')} value={q} onChange={setQ} />
      <Choice {...props} people={students.data?.pages[0]?.items ?? []} />
    </>
  )
}
