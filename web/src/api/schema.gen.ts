/** The server's contract. Written by `npm run codegen` from docs/openapi.json. */

type Reply<T> = { headers: { [name: string]: unknown }; content: { 'application/json': T } }
type Empty = { headers: { [name: string]: unknown }; content?: never }
type Failure = {
  headers: { [name: string]: unknown }
  content: { 'application/problem+json': components['schemas']['problem'] }
}
type Op<Query, Path, Body, Res> = {
  parameters: ([Query] extends [never] ? { query?: never } : { query?: Query }) & {
    header?: never
    cookie?: never
  } & ([Path] extends [never] ? { path?: never } : { path: Path })
  responses: { 200: Res extends undefined ? Empty : Reply<Res>; default: Failure }
} & (Body extends undefined
  ? { requestBody?: never }
  : { requestBody: { content: { 'application/json': Body } } })
type S = components['schemas']
type Page<T> = { items: T[]; next_cursor: string | null }
type None = never
type NoBody = Record<string, never>
type PageQuery = { limit?: number; cursor?: string; sort?: string; q?: string }
type Crud<T, Filter = unknown> = {
  get: Op<PageQuery & Filter & { archived?: boolean }, None, undefined, Page<T>>
  post: Op<never, None, Record<string, unknown>, T>
}
type OneOf<T, P> = {
  get: Op<never, P, undefined, T>
  patch: Op<never, P, Record<string, unknown>, T>
}

export interface paths {
  '/api/v1/auth/login': {
    post: Op<never, None, { email: string; password: string; transport?: string }, S['login']>
  }
  '/api/v1/auth/refresh': { post: Op<never, None, { refresh_token?: string }, S['login']> }
  '/api/v1/auth/logout': { post: Op<never, None, NoBody, undefined> }
  '/api/v1/auth/logout-everywhere': { post: Op<never, None, NoBody, undefined> }
  '/api/v1/auth/logins': { get: Op<PageQuery, None, undefined, Page<S['login_entry']>> }
  '/api/v1/auth/logins/{id}': { delete: Op<never, { id: number }, undefined, undefined> }
  '/api/v1/auth/password': {
    post: Op<never, None, { current_password: string; new_password: string }, undefined>
  }
  '/api/v1/me': {
    get: Op<never, None, undefined, S['me']>
    patch: Op<never, None, { name?: string; locale?: string; time_zone?: string }, S['me']>
  }
  '/api/v1/users': Crud<S['user']>
  '/api/v1/users/{user_id}': OneOf<S['user'], { user_id: number }>
  '/api/v1/programmes': Crud<S['programme']>
  '/api/v1/programmes/{programme_id}': OneOf<S['programme'], { programme_id: number }>
  '/api/v1/modules': Crud<S['module'], { programme_id?: number }>
  '/api/v1/modules/{module_id}': OneOf<S['module'], { module_id: number }>
  '/api/v1/groups': Crud<S['group'], { programme_id?: number }>
  '/api/v1/groups/{group_id}': OneOf<S['group'], { group_id: number }>
  '/api/v1/rooms': Crud<S['room']>
  '/api/v1/rooms/{room_id}': OneOf<S['room'], { room_id: number }>
  '/api/v1/trainers': Crud<S['trainer']>
  '/api/v1/trainers/{trainer_id}': OneOf<S['trainer'], { trainer_id: number }>
  '/api/v1/students': Crud<S['student'], { group_id?: number; enrolled?: boolean }>
  '/api/v1/students/{student_id}': OneOf<S['student'], { student_id: number }>
  '/api/v1/sessions': Crud<
    S['session'],
    {
      from?: string
      to?: string
      state?: S['session']['state']
      group_id?: number
      trainer_id?: number
      module_id?: number
    }
  >
  '/api/v1/sessions/{session_id}': OneOf<S['session'], { session_id: number }>
  '/api/v1/sessions/{session_id}/open': {
    post: Op<never, { session_id: number }, NoBody, S['session']>
  }
  '/api/v1/sessions/{session_id}/close': {
    post: Op<never, { session_id: number }, NoBody, S['session']>
  }
  '/api/v1/sessions/{session_id}/confirm': {
    post: Op<never, { session_id: number }, NoBody, S['session']>
  }
  '/api/v1/sessions/{session_id}/reopen': {
    post: Op<never, { session_id: number }, { reason: string }, S['session']>
  }
  '/api/v1/sessions/{session_id}/cancel': {
    post: Op<never, { session_id: number }, { reason: string }, S['session']>
  }
  '/api/v1/sessions/{session_id}/register': {
    get: Op<never, { session_id: number }, undefined, S['register']>
  }
  '/api/v1/sessions/{session_id}/attendance/{student_id}': {
    put: Op<
      never,
      { session_id: number; student_id: number },
      { status: 'present' | 'late' | 'absent' | 'excused'; note?: string },
      S['record']
    >
  }
  '/api/v1/sessions/{session_id}/attendance/{student_id}/undo': {
    post: Op<never, { session_id: number; student_id: number }, NoBody, S['record']>
  }
  '/api/v1/sessions/{session_id}/attendance/{student_id}/events': {
    get: Op<
      PageQuery,
      { session_id: number; student_id: number },
      undefined,
      Page<S['attendance_event']>
    >
  }
  '/api/v1/students/{student_id}/attendance': {
    get: Op<
      PageQuery & { from?: string; to?: string },
      { student_id: number },
      undefined,
      Page<S['student_record']>
    >
  }
  '/api/v1/students/{student_id}/attendance/summary': {
    get: Op<{ from?: string; to?: string }, { student_id: number }, undefined, S['summary']>
  }
  '/api/v1/students/{student_id}/consent': {
    get: Op<never, { student_id: number }, undefined, S['consent']>
    put: Op<
      never,
      { student_id: number },
      {
        given_by: 'student' | 'guardian'
        given_by_name?: string
        text_version: string
        locale: string
      },
      S['consent']
    >
    delete: Op<never, { student_id: number }, undefined, undefined>
  }
  '/api/v1/students/{student_id}/enrolment': {
    get: Op<never, { student_id: number }, undefined, S['enrolment']>
    delete: Op<never, { student_id: number }, undefined, undefined>
  }
  '/api/v1/system': { get: Op<never, None, undefined, S['system']> }
}

export interface components {
  schemas: {
    problem: {
      type: string
      title: string
      status: number
      detail?: string
      instance?: string
      request_id?: string
      errors?: { field: string; code: string; detail?: string; allowed?: string[] }[]
    }
    login: {
      user: components['schemas']['me']
      access_token?: string
      refresh_token?: string
      expires_in: number
    }
    login_entry: {
      id: number
      created_at: string
      last_used_at: string
      ip: string
      user_agent: string
      current: boolean
    }
    me: {
      id: number
      email: string
      name: string
      role: 'admin' | 'trainer' | 'student'
      locale: 'en' | 'fr' | 'ar'
      time_zone: string
      trainer_id: number | null
      student_id: number | null
      permissions: string[]
      face_recognition: 'off' | 'roster'
    }
    user: {
      id: number
      email: string
      name: string
      role: 'admin' | 'trainer' | 'student'
      locale: 'en' | 'fr' | 'ar'
      time_zone: string
      active: boolean
      archived: boolean
      version: number
      created_at: string
    }
    programme: { id: number; code: string; name: string; archived: boolean; version: number }
    module: {
      id: number
      programme_id: number
      code: string
      name: string
      hours: number | null
      archived: boolean
      version: number
    }
    group: {
      id: number
      programme_id: number
      code: string
      name: string
      student_count: number
      archived: boolean
      version: number
    }
    room: {
      id: number
      code: string
      name: string
      capacity: number | null
      archived: boolean
      version: number
    }
    student: {
      id: number
      student_number: string
      user_id: number | null
      name: string
      email: string | null
      birth_date: string | null
      group_id: number | null
      group_name: string | null
      enrolled: boolean
      consent: boolean
      archived: boolean
      version: number
    }
    trainer: {
      id: number
      user_id: number | null
      name: string
      email: string | null
      specialities: string
      archived: boolean
      version: number
    }
    session: {
      id: number
      module_id: number
      module_code: string
      module_name: string
      group_ids: number[]
      group_names: string[]
      trainer_id: number
      trainer_name: string
      room_id: number | null
      room_name: string | null
      starts_at: string
      ends_at: string
      time_zone: string
      kind: 'course' | 'lab' | 'workshop' | 'exam'
      mode: 'in_person' | 'remote' | 'hybrid'
      state: 'scheduled' | 'open' | 'closed' | 'confirmed' | 'cancelled'
      opens_at: string
      late_after_min: number
      absent_after_min: number
      expected: number
      present: number
      late: number
      absent: number
      excused: number
      unmarked: number
      cancel_reason: string | null
      version: number
    }
    record: {
      id: number | null
      session_id: number
      student_id: number
      student_number: string
      student_name: string
      status: 'present' | 'late' | 'absent' | 'excused' | 'unmarked'
      method: 'face' | 'manual' | 'close' | null
      marked_at: string | null
      minutes_late: number | null
      similarity: number | null
      margin: number | null
      threshold: number | null
      marked_by: number | null
      marked_by_name: string | null
      note: string | null
      enrolled: boolean
      version: number
    }
    student_record: components['schemas']['record'] & {
      starts_at: string
      module_name: string
    }
    register: {
      session: components['schemas']['session']
      records: components['schemas']['record'][]
    }
    attendance_event: {
      id: number
      at: string
      method: 'face' | 'manual' | 'close' | 'undo'
      status_before: components['schemas']['record']['status']
      status_after: components['schemas']['record']['status']
      similarity: number | null
      margin: number | null
      by_user_id: number | null
      by_name: string | null
      note: string | null
      undone: boolean
    }
    summary: {
      sessions: number
      present: number
      late: number
      absent: number
      excused: number
      rate: number | null
    }
    consent: {
      state: 'none' | 'given' | 'withdrawn'
      given_by: 'student' | 'guardian' | null
      given_by_name: string | null
      text_version: string | null
      locale: string | null
      given_at: string | null
      withdrawn_at: string | null
    }
    flaw: { code: string; detail: string; measured: number; limit: number }
    box: { x: number; y: number; width: number; height: number }
    template: { id: number; model: string; quality: number; created_at: string }
    enrolment: {
      student_id: number
      enrolled: boolean
      templates: components['schemas']['template'][]
    }
    enrolment_result: components['schemas']['enrolment'] & {
      shots: { index: number; accepted: boolean; flaws: components['schemas']['flaw'][] }[]
      duplicate_of: number[]
    }
    enrolment_check: {
      faces: number
      ok: boolean
      flaws: components['schemas']['flaw'][]
      box: components['schemas']['box'] | null
    }
    seen_face: {
      box: components['schemas']['box']
      decision: 'match' | 'unknown' | 'ambiguous' | 'low_quality'
      student_id: number | null
      student_name: string | null
      similarity: number | null
      margin: number | null
      threshold: number | null
      flaws: string[]
      record: components['schemas']['record'] | null
      already: boolean
    }
    faces: {
      faces: components['schemas']['seen_face'][]
      width: number
      height: number
      ms: number
    }
    system: { version: string; database: string; models: unknown[]; uptime_s: number }
  }
}
