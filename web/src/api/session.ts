/*
 * The browser's login lives in HttpOnly cookies; scripts see only the CSRF cookie and the moment the
 * access token ends. Refresh tokens rotate and reuse revokes them all, so one tab refreshes at a time.
 */
const EXPIRY_KEY = 'sp-access-ends'
const EARLY_MS = 45_000
const REFRESH = '/api/v1/auth/refresh'

export function csrfToken(): string {
  const found = document.cookie.split('; ').find((c) => c.startsWith('sp_csrf='))
  return found ? decodeURIComponent(found.slice('sp_csrf='.length)) : ''
}

/* Without the CSRF cookie there is no login to try: it lives as long as the refresh token. */
export const mayBeLoggedIn = () => csrfToken() !== ''

const accessEnds = () => Number(localStorage.getItem(EXPIRY_KEY) ?? 0)

export function noteLogin(expiresIn: number) {
  localStorage.setItem(EXPIRY_KEY, String(Date.now() + expiresIn * 1000))
}

export function forgetLogin() {
  localStorage.removeItem(EXPIRY_KEY)
}

async function askForRefresh(): Promise<boolean> {
  const res = await fetch(REFRESH, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'Content-Type': 'application/json',
      'X-CSRF-Token': csrfToken(),
      'Idempotency-Key': newKey(),
    },
    body: '{}',
  })
  if (!res.ok) return false
  const body = (await res.json()) as { expires_in: number }
  noteLogin(body.expires_in)
  return true
}

let running: Promise<boolean> | undefined

/* True when there is a fresh access token. `seenEnd` is the expiry the caller acted on. */
export function refresh(seenEnd = accessEnds()): Promise<boolean> {
  const once = async () => (accessEnds() > seenEnd && seenEnd > 0 ? true : askForRefresh())
  const locked = async () =>
    'locks' in navigator ? navigator.locks.request('sp-refresh', once) : once()
  running ??= locked()
    .catch(() => false)
    .finally(() => {
      running = undefined
    })
  return running
}

/* Refreshes shortly before the access token ends, so that no request needs to fail first. */
export async function ensureFresh(): Promise<void> {
  const ends = accessEnds()
  if (mayBeLoggedIn() && ends > 0 && Date.now() > ends - EARLY_MS) await refresh(ends)
}

export const currentEnd = accessEnds

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
