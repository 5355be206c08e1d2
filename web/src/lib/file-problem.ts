/* What the server found wrong with a file, in the reader's words. */
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { TextKey } from './i18n'
import { topName } from './problem-text'

type Words = { of: (code: string) => string; other: TextKey }

/* `of` gives the key for the server's own code; `other` is for codes without words. */
export function useFileProblem(error: unknown, field: string, words: Words): string | undefined {
  const { t, i18n } = useTranslation()
  if (!(error instanceof ApiProblem)) return undefined
  const found = error.fields.find((f) => topName(f.field) === field)
  if (!found) return undefined
  const key = words.of(found.code)
  const figure = found.detail?.match(/\d+/)?.[0] ?? ''
  return t((i18n.exists(key) ? key : words.other) as TextKey, { n: figure })
}
