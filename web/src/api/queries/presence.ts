/* What the school asks of a check-in, and its status codes: read by all, changed by administrators. */
import { queryOptions } from '@tanstack/react-query'
import { api, call, ifMatch } from '../client'
import type { components } from '../schema.gen'
import { useChange } from './change'

type Schemas = components['schemas']
export type PresencePolicy = Schemas['presence_policy_view']
export type PolicyRule = Schemas['presence_policy_set']
export type StatusCode = Schemas['status_code']
export type NewCode = Schemas['status_code_new']
export type CodeChange = Schemas['status_code_change']
export type Preset = Schemas['status_code_preset_in']['preset']

const CODES = ['status-codes']

export const policiesQuery = queryOptions({
  queryKey: ['presence', 'policies'],
  queryFn: ({ signal }) => call(api.GET('/api/v1/presence/policies', { signal })),
})

export const codesQuery = (archived: boolean) =>
  queryOptions({
    queryKey: [...CODES, archived],
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/status-codes', { params: { query: { limit: 200, archived } }, signal }),
      ),
  })

export const useSetPolicy = (policy: PresencePolicy) =>
  useChange([policiesQuery.queryKey], (body: PolicyRule) =>
    call(
      api.PUT('/api/v1/presence/policies/{kind}', {
        params: { path: { kind: policy.kind }, header: ifMatch(policy.version) },
        body,
      }),
    ),
  )

export const useDropPolicy = (policy: PresencePolicy) =>
  useChange([policiesQuery.queryKey], () =>
    call(
      api.DELETE('/api/v1/presence/policies/{kind}', { params: { path: { kind: policy.kind } } }),
    ),
  )

export const useAddCode = () =>
  useChange([CODES], (body: NewCode) => call(api.POST('/api/v1/status-codes', { body })))

export const useChangeCode = () =>
  useChange([CODES], ({ code, body }: { code: StatusCode; body: CodeChange }) =>
    call(
      api.PATCH('/api/v1/status-codes/{id}', {
        params: { path: { id: code.id }, header: ifMatch(code.version) },
        body,
      }),
    ),
  )

export const useTakePreset = () =>
  useChange([CODES], (preset: Preset) =>
    call(api.POST('/api/v1/status-codes/preset', { body: { preset } })),
  )
