/* Signing in, apart from what is asked by somebody who is: the door loads no more than this. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useUi } from '@/lib/ui-store'
import { api, call } from '../client'
import { noteLogin } from '../session'
import type { Me } from '../types'
import { meQuery } from './me'

/* The account leads in the choice of language, unless this browser's user picked one by hand. */
async function agreeOnLanguage(me: Me): Promise<Me> {
  const ui = useUi.getState()
  if (me.locale === ui.lang) return me
  if (!ui.langPicked) {
    ui.setLang(me.locale, false)
    return me
  }
  return call(api.PATCH('/api/v1/me', { body: { locale: ui.lang } })).catch(() => me)
}

/* With `was`, what is cached stays when it is that account again, and is asked for anew. */
export function useLogin(was?: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: { email: string; password: string }) => {
      const answer = await call(
        api.POST('/api/v1/auth/login', { body: { ...body, transport: 'cookie' } }),
      )
      noteLogin(answer.expires_in)
      return agreeOnLanguage(answer.user)
    },
    onSuccess: (me) => {
      if (me.id !== was) client.clear()
      client.setQueryData(meQuery.queryKey, me)
      if (me.id === was) void client.invalidateQueries()
    },
  })
}
