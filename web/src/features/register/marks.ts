/* Hand marks with a memory: every mark can be taken back, the last one first. */
import { useCallback, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMark, useUndoMark } from '@/api/queries/attendance'
import type { AttendanceRecord, MarkStatus } from '@/api/types'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'

export function useMarks(sessionId: number) {
  const { t } = useTranslation()
  const { mutate: putMark } = useMark(sessionId)
  const { mutate: takeBack } = useUndoMark(sessionId)
  const done = useRef<number[]>([])

  const undo = useCallback(
    (studentId: number) => {
      const at = done.current.lastIndexOf(studentId)
      if (at >= 0) done.current.splice(at, 1)
      takeBack(studentId, {
        onSuccess: (record) =>
          toast(t('register.undone', { name: record.student_name }), { tone: 'ok' }),
        onError: (error) => toast(problemText(t, error), { tone: 'bad' }),
      })
    },
    [takeBack, t],
  )

  const mark = useCallback(
    (record: AttendanceRecord, status: MarkStatus) => {
      if (record.status === status) return
      const studentId = record.student_id
      done.current.push(studentId)
      putMark(
        { studentId, status },
        {
          onSuccess: () =>
            toast(
              t('register.markedAs', {
                name: record.student_name,
                status: t(`status.${status}`),
              }),
              { tone: 'ok', action: { label: t('common.undo'), run: () => undo(studentId) } },
            ),
          onError: (error) => {
            done.current = done.current.filter((id) => id !== studentId)
            toast(problemText(t, error), { tone: 'bad' })
          },
        },
      )
    },
    [putMark, undo, t],
  )

  /* The last mark made on this page, or else the given student's. */
  const undoLast = useCallback(
    (fallback: number | undefined) => {
      const studentId = done.current.at(-1) ?? fallback
      if (studentId !== undefined) undo(studentId)
      return studentId
    },
    [undo],
  )

  return { mark, undo, undoLast }
}

export type Marks = ReturnType<typeof useMarks>
