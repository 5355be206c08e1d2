/* Times of day in the zone of a session, in the language of the page. */
import { useCallback } from 'react'
import type { KioskSession } from '@/api/kiosk'
import { useUi } from '@/lib/ui-store'

export function useClock(session: KioskSession | null | undefined) {
  const lang = useUi((s) => s.lang)
  return useCallback(
    (at: string) =>
      new Intl.DateTimeFormat(lang, {
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        ...(session ? { timeZone: session.time_zone } : {}),
      }).format(new Date(at)),
    [lang, session],
  )
}
