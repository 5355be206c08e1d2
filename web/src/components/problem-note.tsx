import { RotateCcw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { problemText } from '@/lib/problem-text'
import { Button } from './ui/button'

type Props = { error: unknown; onRetry?: (() => void) | undefined; className?: string }

/* What is refused or is not there is no other when asked for again. */
const FINAL = new Set([403, 404])

/* Nothing when there is no error: it may stay in the page. */
export function ProblemNote({ error, onRetry, className }: Props) {
  const { t } = useTranslation()
  if (!error) return null
  const p = asProblem(error)
  return (
    <div className={className}>
      <div
        role="alert"
        className="flex flex-wrap items-start gap-3 rounded-lg border border-bad/30 bg-bad-soft px-4 py-3 text-bad"
      >
        <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
        <div className="min-w-0 flex-1 basis-48">
          <p className="font-medium">{problemText(t, error)}</p>
          {p.requestId && p.status >= 500 && (
            <p className="text-sm">{t('problem.reference', { id: p.requestId })}</p>
          )}
        </div>
        {onRetry && !FINAL.has(p.status) && (
          <Button size="sm" onClick={onRetry}>
            <RotateCcw aria-hidden className="size-4" />
            {t('common.retry')}
          </Button>
        )}
      </div>
    </div>
  )
}
