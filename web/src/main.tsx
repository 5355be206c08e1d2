/*
 * Loads one of three applications, so that none pays for the others: the kiosk is a device without a
 * person, the door is all that a person needs who signs in, the school is everything behind it. This
 * file imports nothing else: what it takes by itself stands before all of them.
 */
import './index.css'

const AGAIN_MS = 5000

/* Without the CSRF cookie there is no login, and every page behind the door wants one. */
function application() {
  const { pathname } = location
  if (/^\/kiosk\/?$/i.test(pathname)) return import('./apps/kiosk')
  const signedOut = !document.cookie.includes('sp_csrf=')
  if (signedOut || pathname === '/login') return import('./apps/door')
  return import('./apps/school')
}

/* Nobody stands by to reload a tablet at a door that came on before its network did. */
const app = await application().catch(() => void setTimeout(() => location.reload(), AGAIN_MS))
await app?.start()
