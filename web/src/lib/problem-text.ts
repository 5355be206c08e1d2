/* The sentence a person reads for a problem or for one wrong field. */
import type { TFunction } from 'i18next'
import i18n from 'i18next'
import { ApiProblem, asProblem } from '@/api/problem'
import type { TextKey } from './i18n'

export function problemText(t: TFunction, error: unknown): string {
  const p = asProblem(error)
  const key = `problem.${p.slug}`
  return t((i18n.exists(key) ? key : 'problem.internal') as TextKey)
}

export function fieldText(t: TFunction, code: string): string {
  const key = `field.${code}`
  return t((i18n.exists(key) ? key : 'field.invalid') as TextKey)
}

/* The server names a field by a JSON pointer ("/group_ids/0") or, in a query, by its plain name. */
export const topName = (field: string) => field.split('/').find((part) => part !== '') ?? ''

/* The server's complaint about one field, translated; undefined when there is none. */
export function fieldError(t: TFunction, error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined
  const found = error.fields.find((f) => topName(f.field) === field)
  return found && fieldText(t, found.code)
}
