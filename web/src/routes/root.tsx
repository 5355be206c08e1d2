import { Outlet } from '@tanstack/react-router'
import { Toaster } from '@/components/ui/toaster'
import { usePreferences } from '@/lib/use-preferences'

export function Root() {
  usePreferences()
  return (
    <>
      <Outlet />
      <Toaster />
    </>
  )
}
