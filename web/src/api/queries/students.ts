import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, call } from '../client'
import { keys } from '../live'
import type { NewConsent } from '../types'

export type StudentFilter = {
  q?: string
  group_id?: number
  enrolled?: boolean
  archived?: boolean
  limit?: number
}

export const studentsQuery = (filter: StudentFilter) =>
  infiniteQueryOptions({
    queryKey: ['students', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/students', {
          params: { query: { limit: 50, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: (old) => old,
  })

export const studentQuery = (id: number) =>
  queryOptions({
    queryKey: keys.student(id),
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/students/{student_id}', {
          params: { path: { student_id: id } },
          signal,
        }),
      ),
  })

export const consentQuery = (id: number) =>
  queryOptions({
    queryKey: ['students', 'consent', id],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/students/{student_id}/consent', {
          params: { path: { student_id: id } },
          signal,
        }),
      ),
  })

export function useGiveConsent(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewConsent) =>
      call(
        api.PUT('/api/v1/students/{student_id}/consent', {
          params: { path: { student_id: id } },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.students }),
  })
}

export function useWithdrawConsent(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      call(
        api.DELETE('/api/v1/students/{student_id}/consent', {
          params: { path: { student_id: id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.students }),
  })
}

/* A student belongs to one group on this page: the new one is joined before the old one is left. */
export function useMoveStudent() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (move: { studentId: number; from: number | null; to: number | null }) => {
      if (move.to !== null) {
        await call(
          api.POST('/api/v1/groups/{group_id}/students', {
            params: { path: { group_id: move.to } },
            body: { student_id: move.studentId },
          }),
        )
      }
      if (move.from !== null) {
        await call(
          api.DELETE('/api/v1/groups/{group_id}/students/{student_id}', {
            params: { path: { group_id: move.from, student_id: move.studentId } },
          }),
        )
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.students }),
  })
}
