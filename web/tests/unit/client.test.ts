import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, call, upload, whenSignedOut } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { ensureFresh, noteLogin } from '@/api/session'

type Reply = { status: number; body?: unknown }

function server(answer: (request: Request, n: number) => Reply) {
  const seen: Request[] = []
  const fake = vi.fn(async (input: RequestInfo | URL, init?: RequestInit) => {
    const request =
      input instanceof Request ? input : new Request(new URL(input, location.origin), init)
    seen.push(request)
    const { status, body } = answer(request, seen.length)
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' },
    })
  })
  vi.stubGlobal('fetch', fake)
  return seen
}

const path = (r: Request | undefined) => r && new URL(r.url).pathname
const problem = (slug: string, status: number) => ({
  status,
  body: { type: `/problems/${slug}`, title: slug, status },
})

beforeEach(() => {
  // biome-ignore lint/suspicious/noDocumentCookie: the code under test reads it
  document.cookie = 'sp_csrf=tok%2B1; path=/'
})
afterEach(() => vi.unstubAllGlobals())

describe('client', () => {
  it('sends the CSRF token and an idempotency key with unsafe requests only', async () => {
    const seen = server(() => ({ status: 200, body: { items: [], next_cursor: null } }))
    await call(api.GET('/api/v1/rooms'))
    await call(api.POST('/api/v1/rooms', { body: { code: 'B1', name: 'B1' } }))
    expect(seen[0]?.headers.get('X-CSRF-Token')).toBeNull()
    expect(seen[1]?.headers.get('X-CSRF-Token')).toBe('tok+1')
    expect(seen[1]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
  })

  it('refreshes once on 401 and repeats with the same key', async () => {
    const seen = server((r, n) =>
      path(r) === '/api/v1/auth/refresh'
        ? { status: 200, body: { expires_in: 900 } }
        : n === 1
          ? problem('unauthenticated', 401)
          : { status: 200, body: { id: 1 } },
    )
    await call(api.POST('/api/v1/rooms', { body: { code: 'B1', name: 'B1' } }))
    expect(seen.map(path)).toEqual(['/api/v1/rooms', '/api/v1/auth/refresh', '/api/v1/rooms'])
    expect(seen[2]?.headers.get('Idempotency-Key')).toBe(seen[0]?.headers.get('Idempotency-Key'))
    expect(await seen[2]?.json()).toEqual({ code: 'B1', name: 'B1' })
  })

  it('asks for one refresh when several requests fail together', async () => {
    let fresh = false
    const seen = server((r) => {
      if (path(r) === '/api/v1/auth/refresh') {
        fresh = true
        return { status: 200, body: { expires_in: 900 } }
      }
      return fresh ? { status: 200, body: { items: [] } } : problem('unauthenticated', 401)
    })
    await Promise.all([call(api.GET('/api/v1/rooms')), call(api.GET('/api/v1/groups'))])
    expect(seen.filter((r) => path(r) === '/api/v1/auth/refresh')).toHaveLength(1)
  })

  it('says so when the login is over, and does not loop', async () => {
    const out = vi.fn()
    whenSignedOut(out)
    const seen = server(() => problem('unauthenticated', 401))
    await expect(call(api.GET('/api/v1/rooms'))).rejects.toMatchObject({ status: 401 })
    expect(out).toHaveBeenCalledOnce()
    expect(seen).toHaveLength(2)
  })

  it('refreshes shortly before the access token ends', async () => {
    const seen = server(() => ({ status: 200, body: { expires_in: 900 } }))
    noteLogin(900)
    await ensureFresh()
    expect(seen).toHaveLength(0)
    noteLogin(10)
    await ensureFresh()
    expect(seen.map(path)).toEqual(['/api/v1/auth/refresh'])
  })

  it('turns problem+json into an error with its fields', async () => {
    server(() => ({
      status: 422,
      body: {
        type: '/problems/invalid',
        title: 'x',
        status: 422,
        request_id: 'r7',
        errors: [{ field: '/code', code: 'taken', detail: 'x' }],
      },
    }))
    const error = await call(api.POST('/api/v1/rooms', { body: { code: 'B1', name: 'B1' } })).catch(
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(ApiProblem)
    expect(error).toMatchObject({ slug: 'invalid', status: 422, requestId: 'r7' })
    expect((error as ApiProblem).fields[0]?.code).toBe('taken')
  })

  it('names a dead network as such', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(call(api.GET('/api/v1/rooms'))).rejects.toMatchObject({ slug: 'network' })
    await expect(upload('/api/v1/x', new FormData())).rejects.toMatchObject({ slug: 'network' })
  })
})
