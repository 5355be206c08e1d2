/* Justifications: how their time is said, and how the form's time is sent. */
import { describe, expect, it } from 'vitest'
import type { PaperItem } from '@/api/queries/papers'
import { reasonOf, STATES, TONES, timeOf } from '@/features/papers/looks'
import { timeFields, today, type When } from '@/features/papers/when'
import { formats } from '@/lib/format'
import { setHomeZone, zonedToIso } from '@/lib/zone'

const item = (from: string, to: string, partial = false) =>
  ({
    starts_at: from,
    ends_at: to,
    partial,
    reason_en: 'Illness',
    reason_fr: 'Maladie',
    reason_ar: 'مرض',
  }) as PaperItem

describe('the time of a justification', () => {
  const format = formats('en')

  it('names the last whole day of the school, not the midnight after it', () => {
    setHomeZone('Asia/Kathmandu', [])
    const midnight = (day: string) => zonedToIso(day, '00:00', 'Asia/Kathmandu')
    const one = item(midnight('2026-11-23'), midnight('2026-11-24'))
    expect(timeOf(format, one)).toBe('Nov 23, 2026')
    const two = item(midnight('2026-11-23'), midnight('2026-11-25'))
    expect(timeOf(format, two)).toBe('Nov 23, 2026 – Nov 24, 2026')
  })

  it('says the hours of a part of a day', () => {
    setHomeZone('America/New_York', [])
    const part = item('2026-11-23T14:00:00Z', '2026-11-23T16:30:00Z', true)
    expect(timeOf(format, part)).toMatch(/^Nov 23, 2026, 9:00.*11:30/)
  })

  it('is sent in the one way that was chosen, its hours by the clock of the school', () => {
    const when = { ...today(), from: '2026-11-23', to: '2026-11-24', sessions: [4, 5] }
    const sent = (kind: When['kind'], zone = 'Asia/Dubai') =>
      timeFields({ ...when, kind, start: '08:00', end: '09:30' }, zone)
    expect(sent('days')).toEqual({ from: '2026-11-23', to: '2026-11-24' })
    expect(sent('sessions')).toEqual({ session_ids: [4, 5] })
    expect(sent('part')).toEqual({
      starts_at: '2026-11-23T04:00:00.000Z',
      ends_at: '2026-11-23T05:30:00.000Z',
    })
    expect(sent('part', 'Asia/Kathmandu')).toMatchObject({ starts_at: '2026-11-23T02:15:00.000Z' })
  })
})

describe('a justification in a list', () => {
  it('has its reason in the language of the reader', () => {
    expect((['en', 'fr', 'ar'] as const).map((lang) => reasonOf(item('', ''), lang))).toEqual([
      'Illness',
      'Maladie',
      'مرض',
    ])
  })

  it('has a look for every state', () => {
    expect(Object.keys(TONES).sort()).toEqual([...STATES].sort())
  })
})
