/* Dates, digits and percentages in the reader's language; times in the zone they belong to, or else
 * in the school's. */
import { useMemo } from 'react'
import { type Lang, useUi } from './ui-store'
import { dayStartIn, homeZone, shownIn } from './zone'

const cache = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>()

function cached<T extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const found = cache.get(key) as T | undefined
  if (found) return found
  const made = make()
  cache.set(key, made)
  return made
}

/* Of what the clocks of a zone show (shownIn); before anybody has signed in, of the browser's zone. */
function dateFormat(lang: Lang, name: string, shown: boolean, o: Intl.DateTimeFormatOptions) {
  return cached(`${lang} ${name} ${shown}`, () => {
    return new Intl.DateTimeFormat(lang, shown ? { ...o, timeZone: 'UTC' } : o)
  })
}

const moment = (iso: string, zone: string | undefined) => {
  const at = Date.parse(iso)
  return zone ? shownIn(at, zone) : at
}

export function formats(lang: Lang) {
  const number = (digits: number) =>
    cached(
      `${lang} n${digits}`,
      () => new Intl.NumberFormat(lang, { maximumFractionDigits: digits }),
    )
  const on =
    (name: string, o: Intl.DateTimeFormatOptions) =>
    (iso: string, zone = homeZone()) =>
      dateFormat(lang, name, zone !== undefined, o).format(moment(iso, zone))
  return {
    number: (n: number, digits = 0) => number(digits).format(n),
    score: (n: number) =>
      cached(
        `${lang} s`,
        () => new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
      ).format(n),
    percent: (n: number) =>
      cached(
        `${lang} p`,
        () => new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 }),
      ).format(n),
    time: on('t', { timeStyle: 'short' }),
    clock: on('c', { timeStyle: 'medium' }),
    day: on('d', { weekday: 'short', day: 'numeric', month: 'short' }),
    weekday: on('w', { weekday: 'short' }),
    longDay: on('D', { weekday: 'long', day: 'numeric', month: 'long' }),
    date: on('f', { dateStyle: 'medium' }),
    dateTime: on('F', { dateStyle: 'medium', timeStyle: 'short' }),
    /* Days of a calendar, which are the same in every zone: the first and the last. */
    plainDays: (from: string, to: string) =>
      dateFormat(lang, 'f', true, { dateStyle: 'medium' }).formatRange(
        new Date(`${from}T12:00:00Z`),
        new Date(`${to}T12:00:00Z`),
      ),
    timeRange: (from: string, to: string, zone = homeZone()) =>
      dateFormat(lang, 'r', zone !== undefined, { timeStyle: 'short' }).formatRange(
        moment(from, zone),
        moment(to, zone),
      ),
    minutes: (n: number) =>
      cached(
        `${lang} m`,
        () => new Intl.NumberFormat(lang, { style: 'unit', unit: 'minute', unitDisplay: 'short' }),
      ).format(n),
    list: (items: readonly string[]) =>
      new Intl.ListFormat(lang, { style: 'short', type: 'unit' }).format(items),
  }
}

export type Formats = ReturnType<typeof formats>

export function useFormat(): Formats {
  const lang = useUi((s) => s.lang)
  return useMemo(() => formats(lang), [lang])
}

/* "2026-11-22" of a moment, in a zone. */
export function isoDay(at: Date, zone = homeZone()): string {
  if (zone) return new Date(shownIn(at.getTime(), zone)).toISOString().slice(0, 10)
  const parts = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return parts.format(at)
}

export function addDays(day: string, n: number): string {
  const d = new Date(`${day}T12:00:00Z`)
  d.setUTCDate(d.getUTCDate() + n)
  return d.toISOString().slice(0, 10)
}

/* The first and the last moment of the school's days, as the API's from/to. */
export const dayStart = (day: string) =>
  dayStartIn(day, homeZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
export const dayEnd = (day: string) => dayStart(addDays(day, 1))
