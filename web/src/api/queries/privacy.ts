/* Consent as it was said, certificates of deletion, the export, and what is forgotten when. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Lang } from '@/lib/ui-store'
import { api, call } from '../client'
import { keys } from '../live'

const ofStudent = (id: number) => ({ params: { path: { student_id: id } } })

export const consentTextQuery = (locale: Lang) =>
  queryOptions({
    queryKey: ['privacy', 'text', locale],
    queryFn: ({ signal }) =>
      call(api.GET('/api/v1/privacy/consent-text', { params: { query: { locale } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const ledgerQuery = (id: number) =>
  queryOptions({
    queryKey: ['students', 'consent', id, 'ledger'],
    queryFn: ({ signal }) =>
      call(api.GET('/api/v1/students/{student_id}/consent/ledger', { ...ofStudent(id), signal })),
  })

export const certificatesQuery = (id: number) =>
  queryOptions({
    queryKey: ['students', 'consent', id, 'certificates'],
    queryFn: ({ signal }) =>
      call(api.GET('/api/v1/students/{student_id}/certificates', { ...ofStudent(id), signal })),
  })

export const retentionQuery = () =>
  queryOptions({
    queryKey: ['privacy', 'retention'],
    queryFn: ({ signal }) => call(api.GET('/api/v1/privacy/retention', { signal })),
  })

export const signingKeyQuery = () =>
  queryOptions({
    queryKey: ['privacy', 'signing-key'],
    queryFn: ({ signal }) => call(api.GET('/api/v1/privacy/signing-key', { signal })),
  })

export function useRefuseConsent(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      call(
        api.POST('/api/v1/students/{student_id}/consent/refusal', { ...ofStudent(id), body: {} }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.students }),
  })
}

/* Plain links: the browser saves what the server names. */
export const exportJson = (id: number) => `/api/v1/students/${id}/export`
export const exportPage = (id: number, locale: Lang) =>
  `/api/v1/students/${id}/export.html?locale=${locale}`
export const accountJson = (id: number) => `/api/v1/users/${id}/export`
export const accountPage = (id: number, locale: Lang) =>
  `/api/v1/users/${id}/export.html?locale=${locale}`
export const certificateFile = (certificate: string) => `/api/v1/certificates/${certificate}`
