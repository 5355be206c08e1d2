/* Who may see a page. The server decides about data; this only spares people useless pages. */
import { redirect } from '@tanstack/react-router'
import { ApiProblem } from '@/api/problem'
import { meQuery } from '@/api/queries/me'
import { queryClient } from '@/api/query-client'
import { startEvents } from '@/api/realtime'
import { mayBeLoggedIn } from '@/api/session'
import type { Me } from '@/api/types'
import { setHomeZone } from '@/lib/zone'

const toLogin = (next: string) =>
  redirect({ to: '/login', search: next === '/' ? {} : { next }, replace: true })

export async function signedIn(next: string): Promise<Me> {
  if (!mayBeLoggedIn()) throw toLogin(next)
  try {
    const me = await queryClient.ensureQueryData(meQuery)
    setHomeZone(me.school_zone, me.school_clocks)
    startEvents()
    return me
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) throw toLogin(next)
    throw error
  }
}
