/* How far recognition can be trusted: what the school's own templates say, and pairs kept apart. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, call } from '../client'
import { useChange } from './change'

const RECOGNITION = ['recognition'] as const

export const calibrationQuery = queryOptions({
  queryKey: [...RECOGNITION, 'calibration'],
  queryFn: ({ signal }) => call(api.GET('/api/v1/recognition/calibration', { signal })),
})

/* Both distributions, without names. */
export const DRAWING = '/api/v1/recognition/calibration.svg'

export const pairsQuery = infiniteQueryOptions({
  queryKey: [...RECOGNITION, 'pairs'],
  queryFn: ({ pageParam, signal }) =>
    call(
      api.GET('/api/v1/recognition/pairs', {
        params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor ?? undefined,
})

export function useSetThreshold() {
  return useChange([RECOGNITION], (threshold: number | null) =>
    call(api.PUT('/api/v1/recognition/threshold', { body: { threshold } })),
  )
}

export function useChangePair() {
  return useChange(
    [RECOGNITION],
    ({ id, ...body }: { id: number; second_factor?: boolean; seen?: boolean }) =>
      call(
        api.PUT('/api/v1/recognition/pairs/{pair_id}', {
          params: { path: { pair_id: id } },
          body,
        }),
      ),
  )
}

/* "That was not me": for a student's own mark. */
export function useNotMe(studentId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (sessionId: number) =>
      call(
        api.POST('/api/v1/sessions/{session_id}/attendance/{student_id}/not-me', {
          params: { path: { session_id: sessionId, student_id: studentId } },
          body: {},
        }),
      ),
    onSuccess: () => client.invalidateQueries(),
  })
}
