import { describe, expect, it } from 'vitest'
import { codeQuery } from '@/api/queries/check-in'
import { clientMark, needsPlace } from '@/lib/place'
import { sessionOfCode, takeCode } from '@/lib/scanned-code'

describe('the position is asked for', () => {
  it.each([
    ['any', 'qr', false],
    ['qr', 'qr', false],
    ['qr+fence', 'qr', true],
    ['kiosk|qr + fence', 'qr', true],
    ['qr+fence|qr+subnet', 'qr', false],
    ['qr+fence|pin', 'pin', false],
    ['self+fence+live|kiosk', 'self', true],
    ['kiosk+fence', 'self', false],
  ])('in "%s" by %s: %s', (ways, way, wanted) => {
    expect(needsPlace(ways, way)).toBe(wanted)
  })
})

describe('a scanned code', () => {
  it('names its session', () => {
    expect(sessionOfCode('AQAAAAAAAAAMAAAAAAcXy8AqSVMv-8SsIlZvROfzk5wR')).toBe(12)
    expect(sessionOfCode('AQAAAAAAAAAMAAAAAAcXy8AqSVMv')).toBeUndefined()
    expect(sessionOfCode('no code, but ünicode')).toBeUndefined()
  })

  it('is taken once', () => {
    sessionStorage.setItem('sp-code', '#abc')
    expect(takeCode()).toBe('abc')
    expect(takeCode()).toBeUndefined()
  })
})

it('a browser keeps its mark', () => {
  const mark = clientMark()
  expect(mark).toMatch(/^[0-9a-f-]{36}$/)
  expect(clientMark()).toBe(mark)
})

it('the screen of a code asks at once for the next one, but not on and on when it is refused', () => {
  const every = codeQuery(1).refetchInterval as (query: unknown) => number
  const data = { until: performance.now() - 1000 }
  expect(every({ state: { data, status: 'success' } })).toBe(250)
  expect(every({ state: { data, status: 'error' } })).toBe(5000)
  expect(every({ state: { status: 'pending' } })).toBe(5000)
})
