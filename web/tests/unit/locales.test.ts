import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { locale, PARTS } from './locale'
import { ROOT, read, walk, webSources } from './sources'

const en = locale('en')
const LOCALES: Record<string, Record<string, string>> = { en, fr: locale('fr'), ar: locale('ar') }
const PLURAL = /_(zero|one|two|few|many|other)$/

const isPlural = (texts: Record<string, string>, key: string) =>
  PLURAL.test(key) && `${key.replace(PLURAL, '')}_other` in texts
const baseKey = (texts: Record<string, string>, key: string) =>
  isPlural(texts, key) ? key.replace(PLURAL, '') : key
const baseKeys = (texts: Record<string, string>) =>
  [...new Set(Object.keys(texts).map((k) => baseKey(texts, k)))].sort()
const slots = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((m) => m[1]).sort()

describe.each(Object.entries(LOCALES))('locale %s', (lang, texts) => {
  it('has the same keys as English', () => {
    expect(baseKeys(texts)).toEqual(baseKeys(en))
  })

  it('has each key in one part only, the same as in English', () => {
    const seen = new Map<string, string>()
    for (const [part, own] of Object.entries(PARTS[lang] ?? {})) {
      for (const key of Object.keys(own)) {
        expect(seen.get(key), key).toBeUndefined()
        seen.set(key, part)
      }
    }
    for (const [part, own] of Object.entries(PARTS.en ?? {})) {
      for (const key of Object.keys(own)) if (!isPlural(own, key)) expect(seen.get(key)).toBe(part)
    }
  })

  it('has a text for every key', () => {
    expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('has every plural form of its language and no other', () => {
    const wanted = new Intl.PluralRules(lang).resolvedOptions().pluralCategories.toSorted()
    const plurals = new Set(
      Object.keys(texts)
        .filter((k) => isPlural(texts, k))
        .map((k) => baseKey(texts, k)),
    )
    expect(plurals.size).toBeGreaterThan(5)
    for (const key of plurals) {
      const forms = Object.keys(texts)
        .filter((k) => k.startsWith(`${key}_`) && PLURAL.test(k))
        .map((k) => k.slice(key.length + 1))
        .sort()
      expect({ key, forms }).toEqual({ key, forms: wanted })
    }
  })

  it('uses the same parameters as English', () => {
    for (const [key, text] of Object.entries(texts)) {
      if (isPlural(texts, key)) {
        const other = slots(en[`${baseKey(texts, key)}_other`] ?? '')
        expect(other, key).toEqual(expect.arrayContaining(slots(text)))
      } else
        expect({ key, slots: slots(text) }).toEqual({
          key,
          slots: slots(en[key] ?? ''),
        })
    }
  })

  it('is really translated', () => {
    if (lang === 'en') return
    const same = Object.keys(texts).filter((k) => texts[k] === en[k])
    expect(same.length).toBeLessThan(Object.keys(texts).length * 0.08)
  })

  it('explains every kind of problem the server knows', () => {
    const header = read(path.join(ROOT, 'src/base/err.h'))
    const slugs = [...header.matchAll(/X\([A-Z_]+,\s*\d+,\s*"([a-z-]+)"/g)].map((m) => m[1])
    expect(slugs.length).toBeGreaterThan(30)
    expect(slugs.filter((slug) => !(`problem.${slug}` in texts))).toEqual([])
  })

  it('explains every hint of the coach and every result of an import', () => {
    const codes = (file: string, before: string) => {
      const code = read(path.join(ROOT, file))
      const from = code.indexOf('ONE_OF(', code.indexOf(before))
      return [...code.slice(from, code.indexOf(')', from)).matchAll(/"([a-z_]+)"/g)].map(
        (m) => m[1],
      )
    }
    const hints = codes('src/enrolment/coach.c', 'What to do')
    const results = codes('src/imports/imports.c', 'What became of it')
    expect(hints.length).toBeGreaterThan(10)
    expect(results.length).toBeGreaterThan(10)
    expect(hints.filter((code) => !(`hint.${code}` in texts))).toEqual([])
    expect(results.filter((code) => !(`result.${code}` in texts))).toEqual([])
  })

  it('explains every flaw of a face the server knows', () => {
    const header = read(path.join(ROOT, 'src/face/face.h'))
    const list = header.slice(header.indexOf('FACE_FLAW_LIST'), header.indexOf('enum face_flaw'))
    const flaws = [...list.matchAll(/X\([A-Z_]+,\s*"([a-z_]+)"/g)].map((m) => m[1])
    expect(flaws.length).toBeGreaterThan(5)
    const enrolment = read(path.join(ROOT, 'src/enrolment/shots.c'))
    for (const own of ['no_face', 'many_faces']) {
      expect(enrolment).toContain(`"${own}"`)
      flaws.push(own)
    }
    expect(
      flaws.filter((flaw) => !(`flaw.${flaw}` in texts && `flaw.${flaw}.short` in texts)),
    ).toEqual([])
  })

  it('explains every code of a wrong field the server gives', () => {
    const codes = new Set<string>()
    const shown = walk(path.join(ROOT, 'src')).filter(
      (f) => f.endsWith('.c') && !/\/(app|cli)\//.test(f),
    )
    for (const file of shown) {
      for (const m of read(file).matchAll(/fail_field\(\s*\w+,\s*[^;]*?,\s*"([a-z_]+)",/g)) {
        codes.add(m[1] as string)
      }
    }
    expect(codes.size).toBeGreaterThan(10)
    expect([...codes].filter((code) => !(`field.${code}` in texts))).toEqual([])
  })
})

it('every text of a fixed key is used', () => {
  const source = webSources().map(read).join('\n')
  const patterns = [...source.matchAll(/`([a-zA-Z]+\.[^`\s]*\$\{[^`\s]*)`/g)].map(
    (m) =>
      new RegExp(
        `^${(m[1] as string)
          .replace(/\$\{[^}]*\}/g, '\u0000')
          .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
          .replaceAll('\u0000', '.+')}$`,
      ),
  )
  const unused = baseKeys(en).filter(
    (key) => !source.includes(`'${key}'`) && !patterns.some((p) => p.test(key)),
  )
  expect(unused).toEqual([])
})
