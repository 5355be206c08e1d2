import { queryOptions, replaceEqualDeep, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call } from '../client'
import { keys, newestOf, putSession } from '../live'
import type { NewSession, Register, Session, SessionState } from '../types'

export type SessionFilter = {
  from?: string
  to?: string
  state?: SessionState
  group_id?: number
  trainer_id?: number
}

const MOST = 200

export const sessionsQuery = (filter: SessionFilter) =>
  queryOptions({
    queryKey: ['sessions', 'list', filter],
    queryFn: ({ signal }) =>
      call(api.GET('/api/v1/sessions', { params: { query: { ...filter, limit: MOST } }, signal })),
  })

export const registerQuery = (sessionId: number) =>
  queryOptions({
    queryKey: keys.register(sessionId),
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/sessions/{session_id}/register', {
          params: { path: { session_id: sessionId } },
          signal,
        }),
      ),
    structuralSharing: (old, now) =>
      replaceEqualDeep(old, newestOf(old as Register | undefined, now as Register)),
  })

export type SessionAction = 'open' | 'close' | 'confirm' | 'reopen' | 'cancel'

function act(sessionId: number, action: SessionAction, reason: string): Promise<Session> {
  const params = { path: { session_id: sessionId } }
  switch (action) {
    case 'open':
      return call(api.POST('/api/v1/sessions/{session_id}/open', { params }))
    case 'close':
      return call(api.POST('/api/v1/sessions/{session_id}/close', { params }))
    case 'confirm':
      return call(api.POST('/api/v1/sessions/{session_id}/confirm', { params }))
    case 'reopen':
      return call(api.POST('/api/v1/sessions/{session_id}/reopen', { params, body: { reason } }))
    case 'cancel':
      return call(api.POST('/api/v1/sessions/{session_id}/cancel', { params, body: { reason } }))
  }
}

export function useSessionAction(sessionId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ action, reason = '' }: { action: SessionAction; reason?: string }) =>
      act(sessionId, action, reason),
    onSuccess: (session) => {
      putSession(session)
      return client.invalidateQueries({ queryKey: keys.sessions })
    },
  })
}

export function useAddSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewSession) => call(api.POST('/api/v1/sessions', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sessions }),
  })
}
