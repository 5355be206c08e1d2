/* The school's zone, what its clocks show, and a wall-clock time as a moment, also when clocks change. */
import type { Me } from '@/api/types'

type Span = { from: number; to: number; ahead: number }

/* The school's, once somebody is signed in: whatever names no zone of its own is meant in it. */
let home: string | undefined
let spans: Span[] = []

export const homeZone = () => home

/* The server's word on the school's clocks: a browser may know the law of another year. */
export function setHomeZone(zone: string, clocks: Me['school_clocks']) {
  home = zone
  spans = clocks.map((c) => ({
    from: Date.parse(c.from),
    to: Date.parse(c.to),
    ahead: c.offset_s * 1000,
  }))
}

const DAY_MS = 24 * 3600_000
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(zone, made)
  return made
}

/* How far the clocks of a zone are ahead of UTC at a moment, in ms. */
function offset(at: number, zone: string): number {
  const told = zone === home ? spans.find((s) => s.from <= at && at < s.to) : undefined
  if (told) return told.ahead
  const parts = clockOf(zone).formatToParts(at)
  const n = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0)
  const wall = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second'))
  return wall - at
}

/* What clocks show at a moment, as the moment at which those of UTC do. */
export const shownIn = (at: number, zone: string) => at + offset(at, zone)

/* The first moment at which clocks show it; undefined when they are put forward over it. */
function firstShowing(wall: number, zone: string): number | undefined {
  const moments = [offset(wall - DAY_MS, zone), offset(wall + DAY_MS, zone)].map((o) => wall - o)
  return moments.toSorted((a, b) => a - b).find((at) => at + offset(at, zone) === wall)
}

/*
 * As the server reads it: in an overlap the first of the two, in a gap as much later as the clocks are
 * put forward.
 */
export function zonedToIso(day: string, time: string, zone: string): string {
  const wall = Date.parse(`${day}T${time}:00Z`)
  const at = firstShowing(wall, zone) ?? wall - offset(wall - DAY_MS, zone)
  return new Date(at).toISOString()
}

/* The first moment of a day; where clocks are put forward over midnight, the moment they are. */
export function dayStartIn(day: string, zone: string): string {
  const wall = Date.parse(`${day}T00:00:00Z`)
  const midnight = firstShowing(wall, zone)
  if (midnight !== undefined) return new Date(midnight).toISOString()
  let before = wall - offset(wall + DAY_MS, zone) - 1000
  let after = wall - offset(wall - DAY_MS, zone)
  while (after - before > 1000) {
    const middle = before + Math.floor((after - before) / 2000) * 1000
    if (middle + offset(middle, zone) < wall) before = middle
    else after = middle
  }
  return new Date(after).toISOString()
}

export const timeZones = (): string[] => Intl.supportedValuesOf('timeZone')
