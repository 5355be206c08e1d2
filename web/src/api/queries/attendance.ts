import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call, upload } from '../client'
import { keys, putRecord, withRecord } from '../live'
import type { AttendanceRecord, Faces, MarkStatus, Register } from '../types'

export const eventsQuery = (sessionId: number, studentId: number) =>
  queryOptions({
    queryKey: ['sessions', 'events', sessionId, studentId],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/sessions/{session_id}/attendance/{student_id}/events', {
          params: { path: { session_id: sessionId, student_id: studentId } },
          signal,
        }),
      ),
    staleTime: 0,
  })

export const studentRecordsQuery = (studentId: number) =>
  queryOptions({
    queryKey: ['students', 'attendance', studentId],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/students/{student_id}/attendance', {
          params: { path: { student_id: studentId } },
          signal,
        }),
      ),
  })

export const summaryQuery = (studentId: number) =>
  queryOptions({
    queryKey: ['students', 'summary', studentId],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/students/{student_id}/attendance/summary', {
          params: { path: { student_id: studentId } },
          signal,
        }),
      ),
  })

/*
 * A hand mark shows at once and is taken back when the server refuses it. A fetch of the register that
 * is under way would bring back what was there before: it is dropped, and made again afterwards.
 */
export function useMark(sessionId: number) {
  const client = useQueryClient()
  const key = keys.register(sessionId)
  return useMutation({
    mutationFn: (mark: { studentId: number; status: MarkStatus }) =>
      call(
        api.PUT('/api/v1/sessions/{session_id}/attendance/{student_id}', {
          params: { path: { session_id: sessionId, student_id: mark.studentId } },
          body: { status: mark.status },
        }),
      ),
    onMutate: async ({ studentId, status }) => {
      const dropped = client.isFetching({ queryKey: key, exact: true }) > 0
      await client.cancelQueries({ queryKey: key, exact: true })
      const register = client.getQueryData<Register>(key)
      const before = register?.records.find((r) => r.student_id === studentId)
      if (register && before) {
        const guess: AttendanceRecord = { ...before, status, method: 'manual' }
        client.setQueryData(key, withRecord(register, guess))
      }
      return { before, dropped }
    },
    onSuccess: putRecord,
    onError: (_error, _mark, context) => {
      if (context?.before) putRecord(context.before)
    },
    onSettled: (_record, error, _mark, context) => {
      if (error || context?.dropped) void client.invalidateQueries({ queryKey: key })
    },
  })
}

export function useUndoMark(sessionId: number) {
  return useMutation({
    mutationFn: (studentId: number) =>
      call(
        api.POST('/api/v1/sessions/{session_id}/attendance/{student_id}/undo', {
          params: { path: { session_id: sessionId, student_id: studentId } },
        }),
      ),
    onSuccess: putRecord,
  })
}

export function useMarkByPhoto(sessionId: number) {
  return useMutation({
    mutationFn: ({ photo, single }: { photo: Blob; single: boolean }) => {
      const form = new FormData()
      form.append('photo', photo, 'photo.jpg')
      if (single) form.append('single', 'true')
      return upload<Faces>(`/api/v1/sessions/${sessionId}/attendance/face`, form)
    },
    onSuccess: (answer) => {
      for (const face of answer.faces) if (face.record) putRecord(face.record)
    },
  })
}
