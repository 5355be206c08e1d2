import { Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Toaster } from '@/components/ui/toaster'
import { setLanguage } from '@/lib/i18n'
import { applyTheme, useUi } from '@/lib/ui-store'

export function Root() {
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
  return (
    <>
      <Outlet />
      <Toaster />
    </>
  )
}
