/* Where the door leads to, kept in its address. The router's /login has the same search. */
import { keepCode } from '@/lib/scanned-code'

type Address = Pick<Location, 'pathname' | 'search' | 'hash'>

/* An address of this app, never one of another. */
export function nextOf(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? ''
  return /^\/(?!\/)/.test(next) ? next : '/'
}

/* The door's address for somebody who wanted to go to another. The token of a scanned code stays out. */
export function doorFor({ pathname, search, hash }: Address): string {
  if (/^\/login\/?$/i.test(pathname)) return `/login${search}`
  let next = pathname + search + hash
  if (/^\/check-in\/code\/?$/i.test(pathname)) {
    keepCode(hash)
    next = '/check-in'
  }
  return next === '/' ? '/login' : `/login?${new URLSearchParams({ next })}`
}
