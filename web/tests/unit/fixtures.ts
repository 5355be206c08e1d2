import type { AttendanceRecord, Session } from '@/api/types'

export function record(studentId: number, more: Partial<AttendanceRecord> = {}): AttendanceRecord {
  return {
    id: null,
    session_id: 1,
    student_id: studentId,
    student_number: `S${studentId}`,
    student_name: `Student ${studentId}`,
    status: 'unmarked',
    method: null,
    marked_at: null,
    minutes_late: null,
    similarity: null,
    margin: null,
    threshold: null,
    marked_by: null,
    marked_by_name: null,
    note: null,
    enrolled: true,
    version: 1,
    ...more,
  }
}

export function session(more: Partial<Session> = {}): Session {
  return {
    id: 1,
    module_id: 1,
    module_code: 'DB',
    module_name: 'Databases',
    group_ids: [1],
    group_names: ['1A'],
    trainer_id: 1,
    trainer_name: 'T',
    room_id: null,
    room_name: null,
    starts_at: '2026-11-22T09:00:00Z',
    ends_at: '2026-11-22T10:00:00Z',
    time_zone: 'Europe/Paris',
    kind: 'course',
    mode: 'in_person',
    state: 'open',
    opens_at: '2026-11-22T08:45:00Z',
    late_after_min: 10,
    absent_after_min: 30,
    expected: 2,
    present: 0,
    late: 0,
    absent: 0,
    excused: 0,
    unmarked: 2,
    cancel_reason: null,
    version: 1,
    ...more,
  } as Session
}
