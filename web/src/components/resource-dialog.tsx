/*
 * One dialog for every simple thing: its fields are data. What the server finds wrong with a field is
 * shown at that field.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { Body, ResourceName } from '@/api/queries/resources'
import type { TextKey } from '@/lib/i18n'
import { fieldError } from '@/lib/problem-text'
import { ProblemNote } from './problem-note'
import { ResourceChoice } from './resource-choice'
import { Button } from './ui/button'
import { Dialog, DialogFoot } from './ui/dialog'
import { type ControlProps, Field, Input, Select } from './ui/field'

export type FormField = {
  name: string
  label: TextKey
  kind:
    | 'text'
    | 'email'
    | 'password'
    | 'number'
    | 'decimal'
    | 'date'
    | 'choice'
    | 'resource'
    | 'switch'
  required?: boolean
  options?: readonly { value: string; label: TextKey }[]
  resource?: ResourceName
  /* Only asked when the thing is made. */
  onCreate?: boolean
  /* Only asked when it is changed later. */
  onEdit?: boolean
  /* An empty text is sent as null. */
  clears?: boolean
  max?: number
  hint?: TextKey
}

export type FormValues = Record<string, string>

const asText = (v: unknown) => (v === null || v === undefined ? '' : String(v))

function typed(field: FormField, text: string): unknown {
  if (text === '') return field.kind === 'text' && !field.clears ? '' : null
  if (field.kind === 'number' || field.kind === 'resource') return Number(text)
  if (field.kind === 'decimal') return Number(text.replace(',', '.'))
  if (field.kind === 'switch') return text === 'true'
  return text
}

/* What to send: all that is filled for a new thing, only what changed for an old one. */
export function toBody(
  fields: readonly FormField[],
  values: FormValues,
  row: Body | undefined,
): Body {
  const body: Body = {}
  for (const field of fields) {
    const raw = values[field.name] ?? ''
    const text = field.kind === 'password' ? raw : raw.trim()
    const same = row ? text === asText(row[field.name]) : text === '' && !field.required
    if (!same) body[field.name] = typed(field, text)
  }
  return body
}

type ControlledProps = {
  field: FormField
  control: ControlProps
  value: string
  onChange: (value: string) => void
}

function Control({ field, control, value, onChange }: ControlledProps) {
  const { t } = useTranslation()
  const required = field.required ?? false
  switch (field.kind) {
    case 'resource':
      return field.resource ? (
        <ResourceChoice
          name={field.resource}
          control={control}
          value={value}
          required={required}
          onChange={onChange}
        />
      ) : null
    case 'choice':
    case 'switch':
      return (
        <Select
          {...control}
          required={required}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        >
          {field.kind === 'choice' && !value && <option value="">{t('common.choose')}</option>}
          {field.kind === 'switch' ? (
            <>
              <option value="true">{t('common.yes')}</option>
              <option value="false">{t('common.no')}</option>
            </>
          ) : (
            field.options?.map((o) => (
              <option key={o.value} value={o.value}>
                {t(o.label)}
              </option>
            ))
          )}
        </Select>
      )
    default:
      return (
        <Input
          {...control}
          type={field.kind === 'decimal' ? 'text' : field.kind}
          inputMode={field.kind === 'decimal' ? 'decimal' : undefined}
          pattern={field.kind === 'decimal' ? '-?[0-9]+([.,][0-9]+)?' : undefined}
          dir={field.kind === 'decimal' ? 'ltr' : undefined}
          required={required}
          maxLength={field.max ?? 200}
          min={field.kind === 'number' ? 0 : undefined}
          autoComplete={field.kind === 'password' ? 'new-password' : 'off'}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )
  }
}

type Props = {
  title: string
  fields: readonly FormField[]
  row: Body | undefined
  defaults?: FormValues
  busy: boolean
  error: unknown
  onClose: () => void
  onSave: (body: Body) => void
}

export function ResourceDialog(props: Props) {
  const { title, fields, row, defaults = {}, busy, error, onClose, onSave } = props
  const { t } = useTranslation()
  const asked = fields.filter((f) => (row ? !f.onCreate : !f.onEdit))
  const [values, setValues] = useState<FormValues>(() =>
    Object.fromEntries(
      asked.map((f) => [f.name, row ? asText(row[f.name]) : (defaults[f.name] ?? '')]),
    ),
  )
  const shown =
    error instanceof ApiProblem && asked.some((f) => fieldError(t, error, f.name) !== undefined)
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          onSave(toBody(asked, values, row))
        }}
        className="grid gap-4"
      >
        {asked.map((field) => (
          <Field
            key={field.name}
            label={t(field.label)}
            optional={field.required ? undefined : t('common.optional')}
            hint={field.hint && t(field.hint)}
            error={fieldError(t, error, field.name)}
          >
            {(control) => (
              <Control
                field={field}
                control={control}
                value={values[field.name] ?? ''}
                onChange={(value) => setValues((old) => ({ ...old, [field.name]: value }))}
              />
            )}
          </Field>
        ))}
        {!shown && <ProblemNote error={error} />}
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('common.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
