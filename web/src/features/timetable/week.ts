/* Where a lesson stands in a week: its day, its minutes, its lane beside others at that time. */
import type { Session } from '@/api/types'
import { addDays, isoDay } from '@/lib/format'
import { shownIn } from '@/lib/zone'

export type Placed = { session: Session; from: number; to: number; lane: number; lanes: number }

export const WEEK_DAYS = 7

/* The Monday of the day's week. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay()
  return addDays(day, -((weekday + 6) % WEEK_DAYS))
}

export const daysOf = (monday: string): string[] =>
  Array.from({ length: WEEK_DAYS }, (_, i) => addDays(monday, i))

/* Minutes after midnight of that zone. */
export function minuteOf(iso: string, zone: string): number {
  const shown = new Date(shownIn(Date.parse(iso), zone))
  return shown.getUTCHours() * 60 + shown.getUTCMinutes()
}

const DAY_MIN = 1440

/* A lesson over midnight ends at the foot of its day. */
function spanOf(session: Session, zone: string): { from: number; to: number } {
  const from = minuteOf(session.starts_at, zone)
  const minutes = (Date.parse(session.ends_at) - Date.parse(session.starts_at)) / 60_000
  return { from, to: Math.min(from + minutes, DAY_MIN) }
}

/* Lessons that overlap stand side by side: a chain of them shares the width. */
export function placed(sessions: readonly Session[], zone: string): Placed[] {
  const out: Placed[] = []
  let chain: Placed[] = []
  let end = 0
  const close = () => {
    const lanes = Math.max(0, ...chain.map((p) => p.lane + 1))
    for (const p of chain) p.lanes = lanes
    chain = []
  }
  const sorted = [...sessions].sort((a, b) => a.starts_at.localeCompare(b.starts_at))
  for (const session of sorted) {
    const { from, to } = spanOf(session, zone)
    if (from >= end) close()
    const taken = new Set(chain.filter((p) => p.to > from).map((p) => p.lane))
    let lane = 0
    while (taken.has(lane)) lane++
    const p = { session, from, to, lane, lanes: 1 }
    chain.push(p)
    out.push(p)
    end = chain.length === 1 ? to : Math.max(end, to)
  }
  close()
  return out
}

export function byDay(sessions: readonly Session[], zone: string): Map<string, Session[]> {
  const days = new Map<string, Session[]>()
  for (const s of sessions) {
    const day = isoDay(new Date(s.starts_at), zone)
    days.set(day, [...(days.get(day) ?? []), s])
  }
  return days
}

/* The hours that are shown: 8 to 18, and more where lessons are. */
export function hoursOf(all: readonly Placed[]): { first: number; last: number } {
  let first = 8
  let last = 18
  for (const p of all) {
    first = Math.min(first, Math.floor(p.from / 60))
    last = Math.max(last, Math.ceil(p.to / 60))
  }
  return { first, last }
}

const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const
export type Weekday = (typeof WEEKDAYS)[number]
export const ALL_WEEKDAYS: readonly Weekday[] = WEEKDAYS

export const weekdayOf = (day: string): Weekday =>
  WEEKDAYS[(new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % WEEK_DAYS] ?? 'mo'

/* A moment on that weekday, to be named by; 5 January 2026 was a Monday. */
export const sampleOf = (day: Weekday): string =>
  `2026-01-${String(5 + WEEKDAYS.indexOf(day)).padStart(2, '0')}T12:00:00Z`

export const toMinute = (time: string): number =>
  Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

export const toTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/* What is in the way, out of the server's words: "2031-03-10: session 7, START/END: Networks". */
export type Clash = { field: string; session: number; from: string; to: string; module: string }

const WORDS = /^(?:\d{4}-\d\d-\d\d: )?session (\d+), ([^/]+)\/(\S+): (.*)$/s

export function clashesOf(
  fields: readonly { field: string; code: string; detail?: string }[],
): Clash[] {
  return fields.flatMap((f) => {
    const m = f.code === 'clash' ? WORDS.exec(f.detail ?? '') : null
    const [, session, from, to, module] = m ?? []
    if (!session || !from || !to) return []
    const field = f.field.split('/')[1] ?? ''
    return [{ field, session: Number(session), from, to, module: module ?? '' }]
  })
}
