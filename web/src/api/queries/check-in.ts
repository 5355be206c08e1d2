/* Codes and PINs: the trainer's screen, the student's answer. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { clientMark, findPlace, needsPlace } from '@/lib/place'
import { sessionOfCode } from '@/lib/scanned-code'
import { api, call } from '../client'
import { keys } from '../live'
import { queryClient } from '../query-client'
import type { components } from '../schema.gen'
import { registerQuery } from './sessions'

export type ShownCode = components['schemas']['shown_code'] & { until: number }
export type CheckInAnswer = components['schemas']['check_in_answer']

const codeKey = (sessionId: number) => ['code', sessionId] as const

/* `until`: when the next code is to be shown, by this page's own clock. */
const timed = (code: components['schemas']['shown_code']): ShownCode => ({
  ...code,
  until: performance.now() + code.seconds_left * 1000,
})

export const codeQuery = (sessionId: number) =>
  queryOptions({
    queryKey: codeKey(sessionId),
    queryFn: async ({ signal }) =>
      timed(
        await call(
          api.GET('/api/v1/sessions/{session_id}/code', {
            params: { path: { session_id: sessionId } },
            signal,
          }),
        ),
      ),
    gcTime: 0,
    refetchIntervalInBackground: true,
    /* Refused, as when the register is closed or the login has ended, it does not ask on and on. */
    refetchInterval: ({ state }) =>
      state.data && state.status !== 'error'
        ? Math.max(250, state.data.until - performance.now())
        : 5000,
  })

export const codeImage = (sessionId: number, slot: number) =>
  `/api/v1/sessions/${sessionId}/code.svg?slot=${slot}`

export function useNewCode(sessionId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      call(
        api.POST('/api/v1/sessions/{session_id}/code/regenerate', {
          params: { path: { session_id: sessionId } },
        }),
      ),
    onSuccess: (code) => client.setQueryData(codeQuery(sessionId).queryKey, timed(code)),
  })
}

/* The position, when this way of checking in to the session needs it. */
export async function placeFor(sessionId: number, way: 'qr' | 'pin' | 'self') {
  const register = await queryClient
    .ensureQueryData(registerQuery(sessionId))
    .catch(() => undefined)
  if (!register || !needsPlace(register.session.ways, way)) return {}
  const place = await findPlace()
  return place ? { place } : {}
}

export function useCheckIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (by: { token: string } | { sessionId: number; pin: string }) => {
      const common = { client: clientMark() }
      if ('token' in by) {
        const sessionId = sessionOfCode(by.token)
        const place = sessionId ? await placeFor(sessionId, 'qr') : {}
        const body = { ...common, ...place, token: by.token }
        return call(api.POST('/api/v1/check-ins/code', { body }))
      }
      const place = await placeFor(by.sessionId, 'pin')
      const body = { ...common, ...place, session_id: by.sessionId, pin: by.pin }
      return call(api.POST('/api/v1/check-ins/pin', { body }))
    },
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: keys.register(answer.session_id) })
      void client.invalidateQueries({ queryKey: ['sessions', 'list'] })
    },
  })
}
