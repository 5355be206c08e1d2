/* The texts of a language, all parts together. */
import type { Part } from '@/lib/i18n'

type Texts = Record<string, string>

const files = import.meta.glob<Texts>('../../src/locales/*/*.json', {
  eager: true,
  import: 'default',
})

/* By language, then by part. */
export const PARTS: Record<string, Partial<Record<Part, Texts>>> = {}
for (const [file, texts] of Object.entries(files)) {
  const [part, name] = file.split('/').slice(-2) as [Part, string]
  const lang = name.replace('.json', '')
  PARTS[lang] = { ...PARTS[lang], [part]: texts }
}

export const locale = (lang: string): Texts =>
  Object.assign({}, ...Object.values(PARTS[lang] ?? {}))
