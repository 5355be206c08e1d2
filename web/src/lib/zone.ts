/* The school's zone, and a wall-clock time in a named zone as a moment, also when clocks change. */

/* The school's, once somebody is signed in: whatever names no zone of its own is meant in it. */
let home: string | undefined

export const homeZone = () => home
export const setHomeZone = (zone: string) => {
  home = zone
}

function offsetMinutes(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const n = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0)
  const wall = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'))
  return Math.round((wall - at) / 60_000)
}

export function zonedToIso(day: string, time: string, zone: string): string {
  const wall = Date.parse(`${day}T${time}:00Z`)
  const guess = wall - offsetMinutes(wall, zone) * 60_000
  return new Date(wall - offsetMinutes(guess, zone) * 60_000).toISOString()
}

export const timeZones = (): string[] => Intl.supportedValuesOf('timeZone')
