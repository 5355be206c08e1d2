/* Photos of a class: propose, look again, decide. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call, upload } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'

type Schemas = components['schemas']

type Decision = Schemas['decision']
export type PhotoStudent = Schemas['class_photo_student']
export type PhotoFace = Schemas['class_photo_face']
export type PhotoCandidate = Schemas['class_photo_candidate']
/* An object that is not there is null; the document cannot say so. */
export type PhotoPerson = Omit<Schemas['class_photo_person'], 'student'> & {
  student: PhotoStudent | null
}
export type Proposal = Omit<Schemas['class_photo'], 'outcome' | 'sure' | 'unsure' | 'unknown'> & {
  outcome: Decision | null
  sure: PhotoPerson[]
  unsure: PhotoPerson[]
  unknown: PhotoPerson[]
}
export type PhotoAnswer = Schemas['class_photo_answer']

const proposalKey = (sessionId: number, id: number) => ['class-photo', sessionId, id] as const

export const proposalQuery = (sessionId: number, id: number) =>
  queryOptions({
    queryKey: proposalKey(sessionId, id),
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/sessions/{session_id}/class-photos/{class_photo_id}', {
          params: { path: { session_id: sessionId, class_photo_id: id } },
          signal,
        }),
      ) as Promise<Proposal>,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

export function usePropose(sessionId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (photos: readonly File[]) => {
      const form = new FormData()
      for (const photo of photos) form.append('photos', photo, photo.name)
      return upload<Proposal>(`/api/v1/sessions/${sessionId}/class-photos`, form)
    },
    onSuccess: (p) => client.setQueryData(proposalKey(sessionId, p.id), p),
  })
}

export function useConfirmPhoto(sessionId: number, id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: PhotoAnswer) =>
      call(
        api.POST('/api/v1/sessions/{session_id}/class-photos/{class_photo_id}/confirm', {
          params: { path: { session_id: sessionId, class_photo_id: id } },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.register(sessionId) }),
  })
}

export function useDiscardPhoto(sessionId: number, id: number) {
  return useMutation({
    mutationFn: () =>
      call(
        api.DELETE('/api/v1/sessions/{session_id}/class-photos/{class_photo_id}', {
          params: { path: { session_id: sessionId, class_photo_id: id } },
        }),
      ),
  })
}
