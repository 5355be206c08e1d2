/* A drop-down list of things the server knows. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { choicesQuery, type ResourceName } from '@/api/queries/resources'
import { type ControlProps, Select } from './ui/field'

type Props = {
  name: ResourceName
  control: Partial<ControlProps> & { 'aria-label'?: string }
  value: string
  required?: boolean
  empty?: string
  className?: string
  onChange: (value: string) => void
}

export function ResourceChoice(props: Props) {
  const { name, control, value, required = false, empty, className = '', onChange } = props
  const { t } = useTranslation()
  const query = useInfiniteQuery(choicesQuery(name))
  const items = query.data?.pages.flatMap((p) => p.items) ?? []
  return (
    <Select
      {...control}
      className={className}
      required={required}
      value={value}
      onChange={(e) => onChange(e.target.value)}
    >
      <option value="">{empty ?? t('common.choose')}</option>
      {items.map((item) => (
        <option key={item.id} value={item.id}>
          {item.name}
        </option>
      ))}
    </Select>
  )
}
