import i18n from 'i18next'
import { describe, expect, it } from 'vitest'
import { ApiProblem, asProblem, slugOf } from '@/api/problem'
import { tally } from '@/api/queries/counts'
import { initials } from '@/components/avatar'
import { rateTone } from '@/components/rate-ring'
import { addDays, formats, isoDay } from '@/lib/format'
import { tooLarge } from '@/lib/photo'
import { fieldError, problemText } from '@/lib/problem-text'
import { browserOf } from '@/lib/user-agent'
import { zonedToIso } from '@/lib/zone'

describe('time', () => {
  it.each([
    ['2026-11-22', '09:00', 'Europe/Paris', '2026-11-22T08:00:00.000Z'],
    ['2026-07-01', '09:00', 'Europe/Paris', '2026-07-01T07:00:00.000Z'],
    ['2026-03-29', '03:30', 'Europe/Paris', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25', '12:00', 'Europe/Paris', '2026-10-25T11:00:00.000Z'],
    ['2026-11-22', '09:00', 'Asia/Kathmandu', '2026-11-22T03:15:00.000Z'],
    ['2026-11-22', '09:00', 'UTC', '2026-11-22T09:00:00.000Z'],
  ])('%s %s in %s', (day, time, zone, iso) => {
    expect(zonedToIso(day, time, zone)).toBe(iso)
  })

  it('knows the day of a moment in a zone', () => {
    const late = new Date('2026-11-22T23:30:00Z')
    expect(isoDay(late, 'Europe/Paris')).toBe('2026-11-23')
    expect(isoDay(late, 'UTC')).toBe('2026-11-22')
  })

  it('counts days over months', () => {
    expect(addDays('2026-02-27', 2)).toBe('2026-03-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  })

  it('writes in the language of the reader', () => {
    expect(formats('fr').percent(0.875)).toMatch(/87,5\s%/)
    expect(formats('en').score(0.7)).toBe('0.70')
    expect(formats('fr').time('2026-11-22T08:05:00Z', 'Europe/Paris')).toBe('09:05')
    expect(formats('ar').longDay('2026-11-22T08:05:00Z', 'UTC')).toMatch(/الأحد/)
  })
})

describe('problems', () => {
  it('are named by the end of their type', () => {
    expect(slugOf('/problems/session-state')).toBe('session-state')
    expect(asProblem(new TypeError('x')).slug).toBe('network')
  })

  it('have a text, known or not', () => {
    expect(problemText(i18n.t, new ApiProblem('csrf', 403))).toContain('out of date')
    expect(problemText(i18n.t, new ApiProblem('brand-new', 500))).toBe(i18n.t('problem.internal'))
  })

  it('are found at their field by pointer or by name', () => {
    const error = new ApiProblem('invalid', 422, {
      errors: [
        { field: '/group_ids/0', code: 'not_found' },
        { field: 'limit', code: 'max' },
        { field: '/code', code: 'brand_new' },
      ],
    })
    expect(fieldError(i18n.t, error, 'group_ids')).toBe(i18n.t('field.not_found'))
    expect(fieldError(i18n.t, error, 'limit')).toBe(i18n.t('field.max'))
    expect(fieldError(i18n.t, error, 'code')).toBe(i18n.t('field.invalid'))
    expect(fieldError(i18n.t, error, 'name')).toBeUndefined()
    expect(fieldError(i18n.t, new Error('x'), 'code')).toBeUndefined()
  })
})

describe('small things', () => {
  it.each([
    [1, 'ok'],
    [0.86, 'ok'],
    [0.84, 'warn'],
    [0.8, 'bad'],
    [0.5, 'bad'],
  ])('a rate of %s is %s', (rate, tone) => expect(rateTone(rate)).toBe(tone))

  it('makes initials', () => {
    expect(initials('Amina Ben Ali')).toBe('AA')
    expect(initials('plato')).toBe('P')
    expect(initials('')).toBe('')
  })

  it('names a browser', () => {
    expect(browserOf('Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0')).toBe('Firefox · Linux')
    expect(browserOf('')).toBeUndefined()
  })

  it('refuses too large photos before they are sent', () => {
    expect(tooLarge(new File(['x'], 'a.jpg'))).toBeUndefined()
    expect(tooLarge({ size: 9 * 1024 * 1024 } as File)?.slug).toBe('too-large')
  })

  it('counts over pages and says when it stopped', async () => {
    const three = (cursor: string | undefined) =>
      Promise.resolve({ items: [1, 2], next_cursor: cursor === 'b' ? null : cursor ? 'b' : 'a' })
    expect(await tally(three)).toEqual({ n: 6, more: false })
    expect(await tally(() => Promise.resolve({ items: [1], next_cursor: 'x' }))).toEqual({
      n: 10,
      more: true,
    })
  })
})
