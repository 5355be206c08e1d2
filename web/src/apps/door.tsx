/* Signing in, without the router: the school is loaded once its visitor is known. */
import { QueryClientProvider } from '@tanstack/react-query'
import { type ComponentType, useState } from 'react'
import { queryClient } from '@/api/query-client'
import { LoginPage } from '@/features/auth/login-page'
import { usePreferences } from '@/lib/use-preferences'
import { mount } from './mount'
import { doorFor, nextOf } from './next'

function Entrance({ onIn }: { onIn: () => void }) {
  usePreferences()
  return (
    <QueryClientProvider client={queryClient}>
      <LoginPage onIn={onIn} />
    </QueryClientProvider>
  )
}

/* The form stays until the page behind it is there. */
function Door() {
  const [School, setSchool] = useState<ComponentType>()
  const enter = async () => {
    const next = nextOf(location.search)
    try {
      const school = await import('./school')
      await school.go(next)
      setSchool(() => school.School)
    } catch {
      location.assign(next)
    }
  }
  return School ? <School /> : <Entrance onIn={() => void enter()} />
}

export function start() {
  history.replaceState(null, '', doorFor(location))
  return mount(<Door />)
}
