import { describe, expect, it } from 'vitest'
import type { Series } from '@/api/queries/timetable'
import type { Session } from '@/api/types'
import { daysOfSeries } from '@/features/timetable/series-days'
import {
  byDay,
  clashesOf,
  daysOf,
  hoursOf,
  minuteOf,
  mondayOf,
  placed,
  toMinute,
  toTime,
  weekdayOf,
} from '@/features/timetable/week'

const lesson = (id: number, starts_at: string, ends_at: string) =>
  ({ id, starts_at, ends_at }) as Session

describe('week of the timetable', () => {
  it('begins on Mondays', () => {
    expect(mondayOf('2026-11-23')).toBe('2026-11-23')
    expect(mondayOf('2026-11-29')).toBe('2026-11-23')
    expect(mondayOf('2027-01-01')).toBe('2026-12-28')
    expect(daysOf('2026-12-28').at(-1)).toBe('2027-01-03')
    expect(weekdayOf('2026-11-29')).toBe('su')
  })

  it('counts minutes in the zone, over a change of clocks too', () => {
    expect(minuteOf('2026-03-29T07:00:00Z', 'Europe/Paris')).toBe(540)
    expect(minuteOf('2026-03-28T08:00:00Z', 'Europe/Paris')).toBe(540)
    expect(minuteOf('2026-03-28T18:15:00Z', 'Asia/Kathmandu')).toBe(0)
    expect(toTime(toMinute('09:05'))).toBe('09:05')
  })

  it('puts lessons of the same time side by side', () => {
    const rows = placed(
      [
        lesson(3, '2026-11-23T10:30:00Z', '2026-11-23T11:00:00Z'),
        lesson(1, '2026-11-23T09:00:00Z', '2026-11-23T10:30:00Z'),
        lesson(2, '2026-11-23T10:00:00Z', '2026-11-23T12:00:00Z'),
        lesson(4, '2026-11-23T12:00:00Z', '2026-11-23T13:00:00Z'),
      ],
      'UTC',
    )
    expect(rows.map((p) => [p.session.id, p.lane, p.lanes])).toEqual([
      [1, 0, 2],
      [2, 1, 2],
      [3, 0, 2],
      [4, 0, 1],
    ])
    expect(hoursOf(rows)).toEqual({ first: 8, last: 18 })
  })

  it('ends a lesson over midnight at the foot of its day', () => {
    const late = lesson(1, '2026-11-23T23:00:00Z', '2026-11-24T01:00:00Z')
    const [p] = placed([late], 'UTC')
    expect(p).toMatchObject({ from: 1380, to: 1440 })
    expect([...byDay([late], 'UTC').keys()]).toEqual(['2026-11-23'])
    expect([...byDay([late], 'Asia/Kathmandu').keys()]).toEqual(['2026-11-24'])
  })

  it("reads clashes out of the server's words", () => {
    const words = 'session 7, 2026-10-05T08:00:00.000Z/2026-10-05T09:30:00.000Z: Net: works'
    expect(
      clashesOf([
        { field: '/group_ids/0', code: 'clash', detail: `2026-10-05: ${words}` },
        { field: '/room_id', code: 'clash', detail: words },
        { field: '/room_id', code: 'archived', detail: words },
      ]),
    ).toEqual(
      ['group_ids', 'room_id'].map((field) => ({
        field,
        session: 7,
        from: '2026-10-05T08:00:00.000Z',
        to: '2026-10-05T09:30:00.000Z',
        module: 'Net: works',
      })),
    )
  })
})

describe('days of a series', () => {
  const on = (series_day: string, state = 'scheduled') => ({ series_day, state }) as Session

  it('are those with a lesson and those left out, in their order', () => {
    const series = {
      exceptions: [
        { day: '2027-02-03', reason: 'Painting' },
        { day: '2027-02-10', reason: 'Holiday' },
      ],
    } as unknown as Series
    const days = daysOfSeries(series, [on('2027-02-17'), on('2027-02-10', 'cancelled')])
    expect(days.map((d) => [d.day, d.session?.state, d.leftOut])).toEqual([
      ['2027-02-03', undefined, 'Painting'],
      ['2027-02-10', 'cancelled', 'Holiday'],
      ['2027-02-17', 'scheduled', undefined],
    ])
  })
})
