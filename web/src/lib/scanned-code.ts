/*
 * The token of a code that was scanned. It comes behind the # of the address; it is put into
 * this tab's storage before anybody signs in, and taken out of it, once.
 */
const KEY = 'sp-code'

export function keepCode(hash: string) {
  if (hash) sessionStorage.setItem(KEY, hash)
}

export function takeCode(): string | undefined {
  const token = sessionStorage.getItem(KEY)?.replace(/^#/, '') || undefined
  sessionStorage.removeItem(KEY)
  return token
}

/* The session that a token names; undefined when it is none of ours. The server checks it. */
export function sessionOfCode(token: string): number | undefined {
  try {
    const raw = atob(token.replaceAll('-', '+').replaceAll('_', '/'))
    if (raw.length !== 33) return undefined
    let id = 0
    for (let i = 1; i < 9; i++) id = id * 256 + raw.charCodeAt(i)
    return Number.isSafeInteger(id) && id > 0 ? id : undefined
  } catch {
    return undefined
  }
}
