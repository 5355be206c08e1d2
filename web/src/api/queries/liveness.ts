import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { clientMark } from '@/lib/place'
import { api, call } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'
import type { Box, Decision } from '../types'
import { placeFor } from './check-in'

type Schemas = components['schemas']
/* An object that is not there is null; the document cannot say so. */
export type LiveResult = Omit<Schemas['liveness_session'], 'outcome'> & { outcome: Decision | null }
export type LiveReply = Omit<Schemas['liveness_reply'], 'box' | 'result' | 'error'> & {
  box: Box | null
  result: LiveResult | null
  error: Schemas['liveness_error'] | null
}
export type LiveOpened = Schemas['liveness_opened']
export type Challenge = NonNullable<LiveReply['challenge']>
export type LivePolicy = Schemas['liveness_policy']
export type LiveRule = Schemas['liveness_rule']
export type LiveLevel = LiveRule['level']

export async function openLive(sessionId: number): Promise<LiveOpened> {
  const place = await placeFor(sessionId, 'self')
  return call(
    api.POST('/api/v1/liveness-sessions', {
      body: { purpose: 'check_in', session_id: sessionId, client: clientMark(), ...place },
    }),
  )
}

export const livePolicyQuery = queryOptions({
  queryKey: ['liveness', 'policy'],
  queryFn: ({ signal }) => call(api.GET('/api/v1/liveness/policy', { signal })),
})

export function useSetLivePolicy() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (rules: LiveRule[]) =>
      call(api.PUT('/api/v1/liveness/policy', { body: { rules } })),
    onSuccess: (policy) => client.setQueryData(livePolicyQuery.queryKey, policy),
  })
}

export function useRegisterChanged(sessionId: number) {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: keys.register(sessionId) })
}
