/* Archiving a student, and forgetting a person for good. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { dropToasts } from '@/lib/toast'
import { api, call } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'
import type { Student } from '../types'
import { useSaveResource } from './resources'

export type ForgetReport = components['schemas']['forget_report']

/* Everything that shows a name asks for it again. */
function useForget(send: (typed: string) => Promise<ForgetReport>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      /* Their words name the person, and what they undo is no more. */
      dropToasts()
      return client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'me' })
    },
  })
}

export const useForgetStudent = (student_id: number) =>
  useForget((student_number) =>
    call(
      api.POST('/api/v1/students/{student_id}/forget', {
        params: { path: { student_id } },
        body: { student_number },
      }),
    ),
  )

export const useForgetAccount = (user_id: number) =>
  useForget((email) =>
    call(
      api.POST('/api/v1/users/{user_id}/forget', {
        params: { path: { user_id } },
        body: { email },
      }),
    ),
  )

export function useArchiveStudent() {
  const client = useQueryClient()
  const save = useSaveResource('students')
  return {
    ...save,
    archive: (row: Student, archived: boolean, done: (now: Student) => void) =>
      save.mutate(
        { row, body: { archived } },
        {
          onSuccess: (now) => {
            client.setQueryData(keys.student(row.id), now)
            done(now)
          },
        },
      ),
  }
}
