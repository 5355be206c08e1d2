/* How a check-in ended, and why, in a sentence. */
import { CircleCheck, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LiveResult } from '@/api/queries/liveness'
import type { TextKey } from '@/lib/i18n'
import { useUi } from '@/lib/ui-store'

export function ResultNote({ result }: { result: LiveResult }) {
  const { t, i18n } = useTranslation()
  const lang = useUi((s) => s.lang)
  const kept = result.intake === 'kept'
  const passed = result.state === 'passed' && !kept
  const Icon = passed ? CircleCheck : CircleX
  const title = passed
    ? t(result.already ? 'live.already' : result.status === 'late' ? 'live.late' : 'live.present')
    : t(kept ? 'checkin.kept' : 'live.failed')
  const reasons = result.reasons.filter((r) => i18n.exists(`live.reason.${r}`))
  return (
    <div
      role={passed ? 'status' : 'alert'}
      className={
        passed
          ? 'flex gap-3 rounded-xl bg-ok-soft p-4 text-ok'
          : 'flex gap-3 rounded-xl bg-warn-soft p-4 text-warn'
      }
    >
      <Icon aria-hidden className="mt-0.5 size-6 shrink-0" />
      <div className="min-w-0">
        <p className="font-semibold text-lg leading-snug">{title}</p>
        {reasons.map((r) => (
          <p key={r}>{t(`live.reason.${r}` as TextKey)}</p>
        ))}
        {kept && result.why && <p>{result.why[lang]}</p>}
        {result.outcome && <p className="mt-1 text-sm">{result.outcome.why[lang]}</p>}
      </div>
    </div>
  )
}
