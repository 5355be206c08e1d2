/* The first moment of a day, in every zone of the time zone database, also where there is no midnight. */
import { describe, expect, it } from 'vitest'
import { minuteOf } from '@/features/timetable/week'
import { formats, isoDay } from '@/lib/format'
import { dayStartIn, setHomeZone, timeZones, zonedToIso } from '@/lib/zone'

const DAY_MS = 24 * 3600_000
const STEP_MS = 28 * DAY_MS
const FIRST = Date.UTC(2008, 0, 1)
const LAST = Date.UTC(2028, 0, 1)

/* What clocks show, read off by another way than the code under test does it. */
function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('sv', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return (at: number) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`)
}

/* Moments at which clocks are changed: [moment, what they show, what they would have shown]. */
function changes(zone: string): [number, number, number][] {
  const wall = wallClock(zone)
  const ahead = (at: number) => wall(at) - at
  const found: [number, number, number][] = []
  let old = ahead(FIRST)
  for (let at = FIRST; at < LAST; at += STEP_MS) {
    const now = ahead(at + STEP_MS)
    if (now === old) continue
    let [before, after] = [at, at + STEP_MS]
    while (after - before > 60_000) {
      const middle = before + Math.floor((after - before) / 120_000) * 60_000
      if (ahead(middle) === old) before = middle
      else after = middle
    }
    found.push([after, after + ahead(after), after + old])
    old = now
  }
  return found
}

const dayOf = (wall: number) => new Date(wall).toISOString().slice(0, 10)

/* Days that have no midnight: clocks are put forward at it or over it. */
const skipped = timeZones().flatMap((zone) =>
  changes(zone)
    .filter(([, shows, would]) => shows > would && dayOf(shows) !== dayOf(would - 1000))
    .filter(([, shows]) => shows % DAY_MS !== 0)
    .map(([at, shows]) => ({ zone, at, day: dayOf(shows) })),
)

describe('the first moment of a day', () => {
  it('is when clocks are put forward, wherever that is at midnight', () => {
    const zones = new Set(skipped.map((s) => s.zone))
    for (const zone of ['America/Havana', 'America/Asuncion', 'Asia/Beirut', 'Africa/Cairo']) {
      expect(zones).toContain(zone)
    }
    const wrong = skipped.filter(({ zone, day, at }) => Date.parse(dayStartIn(day, zone)) !== at)
    expect(wrong).toEqual([])
  })

  it('is on that day, and a second earlier it is the day before', () => {
    for (const zone of timeZones()) {
      const wall = wallClock(zone)
      for (const day of ['2026-03-08', '2026-03-29', '2026-07-01', '2026-11-01']) {
        const at = Date.parse(dayStartIn(day, zone))
        expect({ zone, day: dayOf(wall(at)) }).toEqual({ zone, day })
        expect(dayOf(wall(at - 1000)) < day, `${zone} ${day}`).toBe(true)
      }
    }
  })

  it.each([
    ['2026-03-08', 'America/Havana', '2026-03-08T05:00:00.000Z'],
    ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
    /* The day is left out altogether. */
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    /* Midnight comes twice. */
    ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ])('of %s in %s', (day, zone, iso) => {
    expect(dayStartIn(day, zone)).toBe(iso)
  })
})

it.each([
  /* In the gap: as much later as the clocks are put forward. */
  ['2026-03-29', '02:30', 'Europe/Paris', '2026-03-29T01:30:00.000Z'],
  ['2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ['2026-03-08', '00:30', 'America/Havana', '2026-03-08T05:30:00.000Z'],
  /* In the overlap: the first. */
  ['2026-10-25', '02:30', 'Europe/Paris', '2026-10-25T00:30:00.000Z'],
  ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
])('%s %s in %s is read as the server reads it', (day, time, zone, iso) => {
  expect(zonedToIso(day, time, zone)).toBe(iso)
})

/* A country has given up its summer time, and this browser has not heard of it. */
describe('the clocks of the school', () => {
  const paris = 'Europe/Paris'
  const told = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', offset_s: 3600 }

  it('are what the server says of them', () => {
    setHomeZone(paris, [told])
    expect(zonedToIso('2026-07-01', '08:00', paris)).toBe('2026-07-01T07:00:00.000Z')
    expect(dayStartIn('2026-07-01', paris)).toBe('2026-06-30T23:00:00.000Z')
    expect(isoDay(new Date('2026-06-30T22:30:00Z'))).toBe('2026-06-30')
    expect(minuteOf('2026-07-01T07:30:00Z', paris)).toBe(8 * 60 + 30)
    expect(formats('en').time('2026-07-01T07:30:00Z')).toMatch(/^8:30/)
    expect(formats('en').timeRange('2026-07-01T07:30:00Z', '2026-07-01T09:00:00Z')).toMatch(
      /^8:30.*10:00/,
    )
  })

  it('are what the browser knows in years that the server says nothing of, and in other zones', () => {
    setHomeZone(paris, [told])
    expect(zonedToIso('2025-07-01', '08:00', paris)).toBe('2025-07-01T06:00:00.000Z')
    expect(zonedToIso('2026-07-01', '08:00', 'Asia/Dubai')).toBe('2026-07-01T04:00:00.000Z')
    expect(formats('en').time('2026-07-01T07:30:00Z', 'Asia/Dubai')).toMatch(/^11:30/)
  })
})
