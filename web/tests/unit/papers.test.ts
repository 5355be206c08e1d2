/* Justifications: how their time is said, and how the form's time is sent. */
import { describe, expect, it } from 'vitest'
import type { PaperItem } from '@/api/queries/papers'
import { reasonOf, STATES, TONES, timeOf } from '@/features/papers/looks'
import { timeFields, today } from '@/features/papers/when'
import { formats } from '@/lib/format'

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

  it('names the last whole day, not the midnight after it', () => {
    const one = item(new Date(2026, 10, 23).toISOString(), new Date(2026, 10, 24).toISOString())
    expect(timeOf(format, one)).toBe('Nov 23, 2026')
    const two = item(new Date(2026, 10, 23).toISOString(), new Date(2026, 10, 25).toISOString())
    expect(timeOf(format, two)).toBe('Nov 23, 2026 – Nov 24, 2026')
  })

  it('says the hours of a part of a day', () => {
    const from = new Date(2026, 10, 23, 9).toISOString()
    const to = new Date(2026, 10, 23, 11, 30).toISOString()
    expect(timeOf(format, item(from, to, true))).toMatch(/^Nov 23, 2026, 9:00.*11:30/)
  })

  it('is sent in the one way that was chosen', () => {
    const when = { ...today(), from: '2026-11-23', to: '2026-11-24', sessions: [4, 5] }
    expect(timeFields({ ...when, kind: 'days' })).toEqual({ from: '2026-11-23', to: '2026-11-24' })
    expect(timeFields({ ...when, kind: 'sessions' })).toEqual({ session_ids: [4, 5] })
    expect(timeFields({ ...when, kind: 'part', start: '08:00', end: '09:30' })).toEqual({
      starts_at: new Date(2026, 10, 23, 8).toISOString(),
      ends_at: new Date(2026, 10, 23, 9, 30).toISOString(),
    })
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
