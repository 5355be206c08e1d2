/* What became of a check-in, in a sentence of the server. */
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CheckInAnswer } from '@/api/queries/check-in'
import { useUi } from '@/lib/ui-store'

export function AnswerNote({ answer }: { answer: CheckInAnswer }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const counts = answer.intake === 'counted' || answer.intake === 'already'
  const Icon = counts ? CircleCheck : CircleAlert
  return (
    <div
      role={counts ? 'status' : 'alert'}
      data-intake={answer.intake}
      className={
        counts
          ? 'flex gap-3 rounded-xl bg-ok-soft p-4 text-ok'
          : 'flex gap-3 rounded-xl bg-warn-soft p-4 text-warn'
      }
    >
      <Icon aria-hidden className="mt-0.5 size-6 shrink-0" />
      <div className="min-w-0">
        <p className="font-semibold text-lg leading-snug">
          {t(
            answer.intake === 'already' || (counts && answer.already)
              ? 'checkin.already'
              : counts
                ? 'checkin.done'
                : 'checkin.kept',
          )}
        </p>
        <p>
          <bdi>{answer.module_name}</bdi>
        </p>
        <p>{answer.why[lang]}</p>
      </div>
    </div>
  )
}
