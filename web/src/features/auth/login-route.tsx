/* Signing in again where the school is already loaded. */
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useSignedOut } from '@/lib/signed-out'
import { LoginPage } from './login-page'

const route = getRouteApi('/login')

export function LoginRoute() {
  const router = useRouter()
  const { next } = route.useSearch()
  const enter = () => {
    useSignedOut.setState({ was: undefined })
    router.history.push(next ?? '/')
  }
  return <LoginPage onIn={enter} />
}
