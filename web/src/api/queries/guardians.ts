/* Who answers for a student: kept by administrators. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call } from '@/api/client'
import type { components } from '@/api/schema.gen'
import type { Body } from './resources'

export type Guardian = components['schemas']['guardian']

const key = (studentId: number) => ['guardians', studentId] as const

export const guardiansQuery = (studentId: number) =>
  queryOptions({
    queryKey: key(studentId),
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/students/{student_id}/guardians', {
          params: { path: { student_id: studentId } },
          signal,
        }),
      ),
  })

export function useAddGuardian(studentId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Body) =>
      call<Guardian>(
        api.POST('/api/v1/students/{student_id}/guardians', {
          params: { path: { student_id: studentId } },
          body: body as never,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: key(studentId) }),
  })
}

export function useRemoveGuardian(studentId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (guardianId: number) =>
      call(
        api.DELETE('/api/v1/students/{student_id}/guardians/{guardian_id}', {
          params: { path: { student_id: studentId, guardian_id: guardianId } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: key(studentId) }),
  })
}
