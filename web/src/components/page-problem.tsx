/* In place of a page that could not be shown. */
import { useTranslation } from 'react-i18next'
import { ProblemNote } from './problem-note'

export function PageProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="mx-auto grid max-w-xl gap-4 p-6">
      <h1 className="font-semibold text-xl">{t('problem.page')}</h1>
      <ProblemNote error={error} onRetry={onRetry} />
    </div>
  )
}
