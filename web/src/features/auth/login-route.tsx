/* Signing in again where the school is already loaded. */
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { LoginPage } from './login-page'

const route = getRouteApi('/login')

export function LoginRoute() {
  const router = useRouter()
  const { next } = route.useSearch()
  return <LoginPage onIn={() => router.history.push(next ?? '/')} />
}
