/* What was enrolled before: when, by whom, how; nothing of a face. */
import { useTranslation } from 'react-i18next'
import type { Enrolment } from '@/api/types'
import { useFormat } from '@/lib/format'

export function EnrolHistory({ history }: { history: Enrolment['history'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (history.length === 0) return null
  return (
    <details className="rounded-lg border border-line px-4 py-2.5">
      <summary className="cursor-pointer font-medium text-sm">
        {t('enrolHistory.title', { count: history.length })}
      </summary>
      <ul className="mt-2 grid gap-2 text-sm">
        {history.map((past) => (
          <li key={past.id} className="border-line border-t pt-2">
            <p className="flex flex-wrap gap-x-3">
              <span className="font-medium">{format.dateTime(past.at)}</span>
              <span>{t(`source.${past.source}`)}</span>
              <span>{t(`assurance.${past.assurance}`)}</span>
              <span>{t('enrolHistory.templates', { count: past.templates })}</span>
            </p>
            <p className="text-muted">
              {past.by_name && <bdi>{past.by_name}</bdi>}
              {past.by_name && ' · '}
              {past.ended_at && past.ended_why
                ? t(`ended.${past.ended_why}`, { when: format.dateTime(past.ended_at) })
                : t('enrolHistory.inUse')}
            </p>
          </li>
        ))}
      </ul>
    </details>
  )
}
