import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { Toaster } from '@/components/ui/toaster'
import { useSignedOut } from '@/lib/signed-out'
import { usePreferences } from '@/lib/use-preferences'

const SignInAgain = lazy(() => import('@/features/auth/sign-in-again'))

export function Root() {
  usePreferences()
  const was = useSignedOut((s) => s.was)
  const atLogin = useLocation({ select: (at) => at.pathname === '/login' })
  return (
    <>
      <Outlet />
      <Toaster />
      {was && !atLogin && (
        <Suspense fallback={null}>
          <SignInAgain was={was} />
        </Suspense>
      )}
    </>
  )
}
