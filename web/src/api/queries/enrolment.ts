import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call, upload } from '../client'
import { keys } from '../live'
import type { Enrolment, EnrolmentCheck } from '../types'

export const enrolmentQuery = (studentId: number) =>
  queryOptions({
    queryKey: ['students', 'enrolment', studentId],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/students/{student_id}/enrolment', {
          params: { path: { student_id: studentId } },
          signal,
        }),
      ),
  })

export function checkShot(
  studentId: number,
  photo: Blob,
  have: readonly string[],
  signal: AbortSignal,
) {
  const form = new FormData()
  form.append('photo', photo, 'frame.jpg')
  const query = have.length > 0 ? `?have=${have.join(',')}` : ''
  return upload<EnrolmentCheck>(
    `/api/v1/students/${studentId}/enrolment/check${query}`,
    form,
    signal,
  )
}

export function useEnrol(studentId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({
      photos,
      source,
      acceptDuplicate,
    }: {
      photos: readonly Blob[]
      source: 'webcam' | 'id_photo' | 'photos'
      acceptDuplicate: boolean
    }) => {
      const form = new FormData()
      photos.forEach((p, i) => {
        form.append('photos', p, `shot-${i + 1}.jpg`)
      })
      form.append('source', source)
      if (acceptDuplicate) form.append('accept_duplicate', 'true')
      return upload<Enrolment>(`/api/v1/students/${studentId}/enrolment`, form)
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.students }),
  })
}

export function useDeleteEnrolment(studentId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      call(
        api.DELETE('/api/v1/students/{student_id}/enrolment', {
          params: { path: { student_id: studentId } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.students }),
  })
}
