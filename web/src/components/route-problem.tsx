import type { ErrorComponentProps } from '@tanstack/react-router'
import { useRouter } from '@tanstack/react-router'
import { PageProblem } from './page-problem'

export function RouteProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <PageProblem
      error={error}
      onRetry={() => {
        reset()
        void router.invalidate()
      }}
    />
  )
}
