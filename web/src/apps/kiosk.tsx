/* The tablet at a door: one page, no router, nobody signed in. */
import { KioskPage } from '@/features/kiosk/kiosk-page'
import { usePreferences } from '@/lib/use-preferences'
import { mount } from './mount'

function Kiosk() {
  usePreferences()
  return <KioskPage />
}

export const start = () => mount(<Kiosk />, 'kiosk')
