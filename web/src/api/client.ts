/* The only door to the server: CSRF header, idempotency key, one refresh on 401, problems as errors. */
import createClient from 'openapi-fetch'
import { ApiProblem, toProblem } from './problem'
import type { paths } from './schema.gen'
import { csrfToken, currentEnd, ensureFresh, mayBeLoggedIn, newKey, refresh } from './session'

const UNSAFE = /^(POST|PUT|PATCH|DELETE)$/
const OWN_LOGIN = /\/auth\/(login|refresh)$/

let onSignedOut: () => void = () => undefined

/* Called when the server no longer knows this browser. */
export function whenSignedOut(fn: () => void) {
  onSignedOut = fn
}

function dressed(request: Request): Request {
  if (!UNSAFE.test(request.method)) return request
  const headers = new Headers(request.headers)
  headers.set('X-CSRF-Token', csrfToken())
  if (request.method === 'POST' && !headers.has('Idempotency-Key')) {
    headers.set('Idempotency-Key', newKey())
  }
  return new Request(request, { headers })
}

export async function send(input: Request): Promise<Response> {
  const own = OWN_LOGIN.test(new URL(input.url).pathname)
  if (!own) await ensureFresh()
  const seenEnd = currentEnd()
  const request = dressed(input)
  const spare = request.clone()
  const res = await fetch(request)
  if (res.status !== 401 || own) return res
  if (mayBeLoggedIn() && (await refresh(seenEnd))) {
    const headers = new Headers(spare.headers)
    if (UNSAFE.test(spare.method)) headers.set('X-CSRF-Token', csrfToken())
    const again = await fetch(new Request(spare, { headers }))
    if (again.status !== 401) return again
  }
  onSignedOut()
  return res
}

/* Asks the server whether this browser is signed in, renewing the access token if it ended. For lines
 * that cannot say why they were refused. */
export async function checkLogin(): Promise<void> {
  await send(new Request(new URL('/api/v1/me', location.origin))).catch(() => undefined)
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: send,
})

type Answer<T> = { data?: T; error?: unknown; response: Response }

/* The data of a call, or an ApiProblem thrown. */
export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch((e: unknown) => {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new ApiProblem('network', 0)
  })
  if (!response.ok) throw toProblem(error, response.status)
  return data as T
}

/* multipart/form-data, which the generated types cannot say. */
export async function upload<T>(path: string, form: FormData, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method: 'POST', body: form, credentials: 'same-origin' }
  if (signal) init.signal = signal
  const res = await send(new Request(new URL(path, location.origin), init)).catch((e: unknown) => {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new ApiProblem('network', 0)
  })
  const body: unknown = await res.json().catch(() => undefined)
  if (!res.ok) throw toProblem(body, res.status)
  return body as T
}

export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })
