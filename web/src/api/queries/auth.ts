import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { api, call } from '../client'
import { asProblem } from '../problem'
import { stopEvents } from '../realtime'
import { forgetLogin } from '../session'
import type { Me } from '../types'
import { meQuery } from './me'

export { meQuery }

export const loginsQuery = queryOptions({
  queryKey: ['logins'],
  queryFn: ({ signal }) => call(api.GET('/api/v1/auth/logins', { signal })),
})

/* Only inside the shell, whose loader has put the answer into the cache. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data

export const may = (me: Me, permission: string) => me.permissions.includes(permission)

export function useMay(permission: string): boolean {
  return may(useMe(), permission)
}

export function useLogout(everywhere = false) {
  return useMutation({
    mutationFn: async () => {
      const end = everywhere
        ? call(api.POST('/api/v1/auth/logout-everywhere'))
        : call(api.POST('/api/v1/auth/logout'))
      await end.catch((error: unknown) => {
        if (asProblem(error).status !== 401) throw error
      })
    },
    /* A login that was not ended must not look as if it were. */
    onSuccess: () => {
      stopEvents()
      forgetLogin()
      location.assign('/login')
    },
  })
}

export function useUpdateMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { name?: string; locale?: Me['locale']; time_zone?: string }) =>
      call(api.PATCH('/api/v1/me', { body })),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
  })
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      call(api.POST('/api/v1/auth/password', { body })),
  })
}

export function useEndLogin() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) =>
      call(api.DELETE('/api/v1/auth/logins/{login_id}', { params: { path: { login_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: loginsQuery.queryKey }),
  })
}
