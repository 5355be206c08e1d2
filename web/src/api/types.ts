/* The names the app uses for the server's schemas: the one place to touch when the document renames. */
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Me = Schemas['me']
export type Role = Me['role']
export type Problem = Schemas['problem']
export type LoginEntry = Schemas['login']
export type User = Schemas['user']
export type Programme = Schemas['programme']
export type Module = Schemas['module']
export type Group = Schemas['group']
export type Room = Schemas['room']
export type Student = Schemas['student']
export type Trainer = Schemas['trainer']
export type Session = Schemas['session']
export type SessionState = Session['state']
export type NewSession = Schemas['session_new']
export type AttendanceRecord = Schemas['attendance']
export type AttendanceStatus = AttendanceRecord['status']
export type MarkStatus = Exclude<AttendanceStatus, 'unmarked'>
export type StudentRecord = Schemas['attendance_day']
export type Register = Schemas['attendance_register']
export type AttendanceEvent = Schemas['attendance_entry']
export type Summary = Schemas['attendance_summary']
export type Retention = Schemas['retention_report']
export type Consent = Schemas['consent']
export type NewConsent = Schemas['consent_new']
export type Flaw = Schemas['enrolment_flaw']
export type Hint = Schemas['enrolment_hint']
export type DuplicateCase = Schemas['duplicate_case']
export type AgedEnrolment = Schemas['enrolment_aged']
export type PhotoImport = Schemas['import']
export type PhotoImportRow = Schemas['import_row']
export type Box = Schemas['face_box']
export type Calibration = Schemas['calibration_report']
export type ApartPair = Schemas['apart_pair']
export type Enrolment = Schemas['enrolment']
/* An object that is not there is null; the document cannot say so. */
export type EnrolmentCheck = Omit<Schemas['enrolment_check'], 'box'> & { box: Box | null }
export type Decision = Schemas['decision']
export type SeenFace = Omit<Schemas['recognised_face'], 'record' | 'outcome'> & {
  outcome: Decision | null
  record: AttendanceRecord | null
}
export type Faces = Omit<Schemas['recognised'], 'faces' | 'outcome'> & {
  faces: SeenFace[]
  outcome: Decision | null
}
export type FrameAnswer = Omit<Schemas['attendance_frame'], 'result'> & { result: Faces | null }
export type System = Schemas['system_status']
export type Page<T> = { items: T[]; next_cursor: string | null }
export type StatusCode = Schemas['status_code']
export type Dispute = Schemas['dispute']
export type Claim = Dispute['claimed']
/* An object that is there always is not null; the document cannot say so. */
export type Signal = Omit<Schemas['signal'], 'why'> & { why: Schemas['signal_why'] }
export type RegisterDue = Schemas['register_due']
export type HandOver = Schemas['hand_over']
