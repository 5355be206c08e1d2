/* What a server event changes in the cache. */
import { queryClient } from './query-client'
import type { LiveEvent } from './realtime'
import type { AttendanceRecord, AttendanceStatus, Page, Register, Session } from './types'

export const keys = {
  sessions: ['sessions'] as const,
  register: (id: number) => ['sessions', 'register', id] as const,
  history: (id: number) => ['sessions', 'history', id] as const,
  students: ['students'] as const,
  student: (id: number) => ['students', 'one', id] as const,
}

export function countsOf(records: readonly AttendanceRecord[]): Record<AttendanceStatus, number> {
  const counts = {
    present: 0,
    late: 0,
    partial: 0,
    left_early: 0,
    remote: 0,
    absent: 0,
    excused: 0,
    unmarked: 0,
  }
  for (const r of records) counts[r.status]++
  return counts
}

/* A record as the server now has it, put into the register; an older version never wins. */
export function withRecord(register: Register, record: AttendanceRecord): Register {
  const records = register.records.map((old) =>
    old.student_id === record.student_id && record.version >= old.version ? record : old,
  )
  return { session: { ...register.session, ...countsOf(records) }, records }
}

/* A register as it was fetched, but for the marks that came while the answer was under way. */
export function newestOf(cached: Register | undefined, fetched: Register): Register {
  const known = new Map(cached?.records.map((r) => [r.student_id, r]))
  const records = fetched.records.map((now) => {
    const old = known.get(now.student_id)
    return old && old.version > now.version ? old : now
  })
  return { session: { ...fetched.session, ...countsOf(records) }, records }
}

export function putRecord(record: AttendanceRecord) {
  queryClient.setQueryData<Register>(keys.register(record.session_id), (old) =>
    old ? withRecord(old, record) : old,
  )
}

export function putSession(session: Session) {
  queryClient.setQueryData<Register>(keys.register(session.id), (old) =>
    old && session.version >= old.session.version ? { ...old, session } : old,
  )
  queryClient.setQueriesData<Page<Session>>({ queryKey: ['sessions', 'list'] }, (old) =>
    old ? { ...old, items: old.items.map((s) => (s.id === session.id ? session : s)) } : old,
  )
}

const SETTLE_MS = 400
let pending = 0

/* Lists show counts only: many marks in a row ask for them once. */
function refreshListsSoon() {
  if (pending) return
  pending = window.setTimeout(() => {
    pending = 0
    void queryClient.invalidateQueries({ queryKey: ['sessions', 'list'] })
    void queryClient.invalidateQueries({ queryKey: ['sessions', 'week'] })
    void queryClient.invalidateQueries({ queryKey: ['students', 'attendance'] })
    void queryClient.invalidateQueries({ queryKey: ['students', 'summary'] })
  }, SETTLE_MS)
}

export function applyEvent(event: LiveEvent) {
  switch (event.name) {
    case 'attendance.marked':
    case 'attendance.changed':
      putRecord((event.data as { record: AttendanceRecord }).record)
      refreshListsSoon()
      return
    case 'session.changed': {
      const { session } = event.data as { session: Session }
      putSession(session)
      /* Closing and reopening change records as well. */
      void queryClient.invalidateQueries({ queryKey: keys.register(session.id) })
      void queryClient.invalidateQueries({ queryKey: keys.history(session.id) })
      refreshListsSoon()
      return
    }
    case 'enrolment.changed':
      void queryClient.invalidateQueries({ queryKey: keys.students })
      void queryClient.invalidateQueries({ queryKey: ['faces', 'ageing'] })
      return
    case 'enrolment.ageing':
    case 'duplicate.changed':
    case 'import.progress':
      void queryClient.invalidateQueries({ queryKey: ['faces'] })
      return
    case 'session.rescheduled':
    case 'session.cancelled':
    case 'session.substituted':
    case 'timetable.changed':
      refreshListsSoon()
      void queryClient.invalidateQueries({ queryKey: [...keys.sessions, 'series'] })
      return
    case 'session_request.changed':
      void queryClient.invalidateQueries({ queryKey: ['session-requests'] })
      return
    case 'justification.changed':
      void queryClient.invalidateQueries({ queryKey: ['justifications'] })
  }
}

/* After a gap nothing cached is to be believed. */
export function catchUp() {
  void queryClient.invalidateQueries({ queryKey: keys.sessions })
  void queryClient.invalidateQueries({ queryKey: keys.students })
  void queryClient.invalidateQueries({ queryKey: ['faces'] })
  void queryClient.invalidateQueries({ queryKey: ['justifications'] })
}
