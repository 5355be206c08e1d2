import { beforeEach, describe, expect, it } from 'vitest'
import { applyEvent, countsOf, keys, putSession, withRecord } from '@/api/live'
import { queryClient } from '@/api/query-client'
import type { Register } from '@/api/types'
import { record, session } from './fixtures'

const register = (): Register => ({ session: session(), records: [record(1), record(2)] })
const cached = () => queryClient.getQueryData<Register>(keys.register(1))

beforeEach(() => {
  queryClient.clear()
  queryClient.setQueryData(keys.register(1), register())
})

describe('live register', () => {
  it('counts every status', () => {
    expect(
      countsOf([record(1, { status: 'late' }), record(2), record(3, { status: 'late' })]),
    ).toEqual({
      present: 0,
      late: 2,
      partial: 0,
      left_early: 0,
      remote: 0,
      absent: 0,
      excused: 0,
      unmarked: 1,
    })
  })

  it('takes over a mark with its counts', () => {
    const now = withRecord(register(), record(2, { status: 'present', version: 2 }))
    expect(now.records.map((r) => r.status)).toEqual(['unmarked', 'present'])
    expect(now.session).toMatchObject({ present: 1, unmarked: 1 })
  })

  it('never goes back to an older version', () => {
    const newer = withRecord(register(), record(1, { status: 'late', version: 5 }))
    expect(withRecord(newer, record(1, { status: 'present', version: 4 })).records[0]?.status).toBe(
      'late',
    )
  })

  it('follows the events of the server', () => {
    applyEvent({
      name: 'attendance.marked',
      data: { session_id: 1, record: record(1, { status: 'present', version: 2 }) },
    })
    expect(cached()?.records[0]?.status).toBe('present')
    applyEvent({
      name: 'session.changed',
      data: { session: session({ state: 'closed', version: 2 }) },
    })
    expect(cached()?.session.state).toBe('closed')
    expect(queryClient.getQueryState(keys.register(1))?.isInvalidated).toBe(true)
  })

  it('updates the lists a session is in', () => {
    queryClient.setQueryData(['sessions', 'list', {}], {
      items: [session(), session({ id: 2 })],
      next_cursor: null,
    })
    putSession(session({ state: 'closed', version: 2 }))
    const list = queryClient.getQueryData<{ items: { state: string }[] }>(['sessions', 'list', {}])
    expect(list?.items.map((s) => s.state)).toEqual(['closed', 'open'])
  })

  it('asks for a series again when its timetable changed', () => {
    const key = ['sessions', 'series', 'days', 3]
    queryClient.setQueryData(key, [])
    applyEvent({ name: 'timetable.changed', data: {} })
    expect(queryClient.getQueryState(key)?.isInvalidated).toBe(true)
  })
})
