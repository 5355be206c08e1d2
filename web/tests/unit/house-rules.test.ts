import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'
import { read, shortName, webSources } from './sources'

type Node = { type: string; start: number } & Record<string, unknown>

const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'title',
  'alt',
  'placeholder',
  'label',
  'hint',
])
const hasWords = (text: string) => /\p{L}{2,}/u.test(text)

function* nodes(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const v of value) yield* nodes(v)
  else if (value && typeof value === 'object' && 'type' in value) {
    yield value as Node
    for (const v of Object.values(value)) yield* nodes(v)
  }
}

/* The words a person would read in a component without going through t(). */
function literalTexts(code: string): string[] {
  const found: string[] = []
  for (const node of nodes(parseAst(code, { lang: 'tsx' }))) {
    if (node.type === 'JSXText' && hasWords(String(node.value)))
      found.push(String(node.value).trim())
    if (node.type === 'JSXExpressionContainer') {
      const inner = node.expression as Node
      if (
        inner.type === 'Literal' &&
        typeof inner.value === 'string' &&
        /\s/.test(inner.value.trim())
      ) {
        found.push(inner.value)
      }
    }
    if (node.type === 'JSXAttribute' && SPOKEN.has(String((node.name as Node).name))) {
      const value = node.value as Node | null
      if (value?.type === 'Literal' && hasWords(String(value.value)))
        found.push(String(value.value))
    }
  }
  return found
}

const files = webSources().map((file) => ({ name: shortName(file), code: read(file) }))

describe('literal texts', () => {
  it('are found where they are', () => {
    expect(literalTexts('const a = <p>Hello there</p>')).toEqual(['Hello there'])
    expect(literalTexts('const a = <img alt="A face" />')).toEqual(['A face'])
    expect(literalTexts("const a = <p title={t('x.y')}>{t('a.b')} · {n}</p>")).toEqual([])
  })

  it('are in no component', () => {
    const bad = files
      .filter((f) => f.name.endsWith('.tsx'))
      .flatMap((f) => literalTexts(f.code).map((text) => `${f.name}: ${text}`))
    expect(bad).toEqual([])
  })
})

describe('house rules', () => {
  it('no file has more than 300 lines', () => {
    expect(files.filter((f) => f.code.split('\n').length > 300).map((f) => f.name)).toEqual([])
  })

  it('no feature reaches into another', () => {
    const bad = files.flatMap(({ name, code }) => {
      const own = /features\/([^/]+)\//.exec(name)?.[1]
      const used = [...code.matchAll(/features\/([a-z-]+)\//g)].map((m) => m[1])
      return own ? used.filter((u) => u !== own).map((u) => `${name} → ${u}`) : []
    })
    expect(bad).toEqual([])
  })

  it('only the api folder talks to the server', () => {
    const bad = files.filter(
      ({ name, code }) =>
        !name.includes('src/api/') &&
        /\bfetch\(|new EventSource|api\.(GET|POST|PUT|PATCH|DELETE)\(/.test(code),
    )
    expect(bad.map((f) => f.name)).toEqual([])
  })

  it('no token is kept where scripts can read it', () => {
    const bad = files.filter(({ code }) =>
      /(local|session)Storage[^\n]*(token|access_token|jwt)/i.test(code),
    )
    expect(bad.map((f) => f.name)).toEqual([])
  })
})
