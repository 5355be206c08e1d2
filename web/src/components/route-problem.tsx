import type { ErrorComponentProps } from '@tanstack/react-router'
import { useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from './problem-note'

export function RouteProblem({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  return (
    <div className="mx-auto grid max-w-xl gap-4 p-6">
      <h1 className="font-semibold text-xl">{t('problem.page')}</h1>
      <ProblemNote
        error={error}
        onRetry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </div>
  )
}
