/* The fields that planning, asking and changing have in common. */
import { useTranslation } from 'react-i18next'
import type { ResourceName } from '@/api/queries/resources'
import { ResourceChoice } from '@/components/resource-choice'
import { Field, Input, Select } from '@/components/ui/field'
import type { TextKey } from '@/lib/i18n'
import { fieldError } from '@/lib/problem-text'

export type Values = Record<string, string>
export type Bound = {
  values: Values
  error: unknown
  set: (name: string, value: string) => void
}

type LinkProps = Bound & {
  field: string
  server: string
  name: ResourceName
  says: TextKey
  required?: boolean
}

export function LinkField({
  values,
  error,
  set,
  field,
  server,
  name,
  says,
  required = false,
}: LinkProps) {
  const { t } = useTranslation()
  return (
    <Field
      label={t(says)}
      optional={required ? undefined : t('common.optional')}
      error={fieldError(t, error, server)}
    >
      {(control) => (
        <ResourceChoice
          name={name}
          control={control}
          required={required}
          value={values[field] ?? ''}
          onChange={(v) => set(field, v)}
        />
      )}
    </Field>
  )
}

type InputProps = Bound & {
  field: string
  server: string
  says: TextKey
  type: 'date' | 'time' | 'number' | 'text'
  hint?: string
  required?: boolean
}

export function InputField({
  values,
  error,
  set,
  field,
  server,
  says,
  type,
  hint,
  required = true,
}: InputProps) {
  const { t } = useTranslation()
  return (
    <Field label={t(says)} hint={hint} error={fieldError(t, error, server)}>
      {(control) => (
        <Input
          {...control}
          type={type}
          required={required}
          {...(type === 'number' ? { min: 1, max: 12 } : {})}
          {...(type === 'text' ? { maxLength: 500 } : {})}
          value={values[field] ?? ''}
          onChange={(e) => set(field, e.target.value)}
        />
      )}
    </Field>
  )
}

const KINDS = ['course', 'lab', 'workshop', 'exam'] as const
const MODES = ['in_person', 'remote', 'hybrid'] as const

export function KindFields({ values, error, set }: Bound) {
  const { t } = useTranslation()
  return (
    <>
      <Field label={t('session.kind')} error={fieldError(t, error, 'kind')}>
        {(control) => (
          <Select {...control} value={values.kind} onChange={(e) => set('kind', e.target.value)}>
            {KINDS.map((k) => (
              <option key={k} value={k}>
                {t(`kind.${k}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('session.mode')} error={fieldError(t, error, 'mode')}>
        {(control) => (
          <Select {...control} value={values.mode} onChange={(e) => set('mode', e.target.value)}>
            {MODES.map((m) => (
              <option key={m} value={m}>
                {t(`mode.${m}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  )
}
