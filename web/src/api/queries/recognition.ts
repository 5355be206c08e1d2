/* How far recognition can be trusted: what the school's own templates say, and pairs kept apart. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, call } from '../client'

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

function useRefresh() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: RECOGNITION })
}

export function useSetThreshold() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (threshold: number | null) =>
      call(api.PUT('/api/v1/recognition/threshold', { body: { threshold } })),
    onSuccess: refresh,
  })
}

export function useChangePair() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, ...body }: { id: number; second_factor?: boolean; seen?: boolean }) =>
      call(
        api.PUT('/api/v1/recognition/pairs/{pair_id}', {
          params: { path: { pair_id: id } },
          body,
        }),
      ),
    onSuccess: refresh,
  })
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
