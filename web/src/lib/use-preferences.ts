/* Keeps the page in the chosen language and theme, the system's where that was chosen. */
import { useEffect } from 'react'
import { setLanguage } from './i18n'
import { applyTheme, useUi } from './ui-store'

export function usePreferences() {
  const lang = useUi((s) => s.lang)
  const theme = useUi((s) => s.theme)
  useEffect(() => void setLanguage(lang), [lang])
  useEffect(() => {
    applyTheme(theme)
    const system = matchMedia('(prefers-color-scheme: dark)')
    const again = () => applyTheme(theme)
    system.addEventListener('change', again)
    return () => system.removeEventListener('change', again)
  }, [theme])
}
