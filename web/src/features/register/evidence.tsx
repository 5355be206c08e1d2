/* Why a mark is what it is: how, and with which figures. */
import { Hand, ScanFace, TimerOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AttendanceRecord } from '@/api/types'
import { useFormat } from '@/lib/format'

export function FaceFigures({
  similarity,
  margin,
  threshold = null,
}: {
  similarity: number | null
  margin: number | null
  threshold?: number | null
}) {
  const { t } = useTranslation()
  const format = useFormat()
  if (similarity === null) return null
  const figures = [t('evidence.similarity', { value: format.score(similarity) })]
  if (threshold !== null) figures.push(t('evidence.threshold', { value: format.score(threshold) }))
  if (margin !== null) figures.push(t('evidence.margin', { value: format.score(margin) }))
  return <span className="tabular-nums">{figures.join(' · ')}</span>
}

export function Evidence({ record }: { record: AttendanceRecord }) {
  const { t } = useTranslation()
  switch (record.method) {
    case 'face':
    case 'kiosk':
    case 'self':
    case 'class_photo':
      return (
        <span className="flex items-start gap-1.5">
          <ScanFace aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            <span className="text-fg">{t(`method.${record.method}`)}</span>
            <span className="block text-muted text-xs">
              <FaceFigures similarity={record.similarity} margin={record.margin} />
            </span>
          </span>
        </span>
      )
    case 'manual':
      return (
        <span className="flex items-start gap-1.5">
          <Hand aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            <span className="text-fg">{t('method.manual')}</span>
            {record.marked_by_name && (
              <span className="block text-muted text-xs">
                <bdi>{record.marked_by_name}</bdi>
              </span>
            )}
          </span>
        </span>
      )
    case 'close':
      return (
        <span className="flex items-center gap-1.5">
          <TimerOff aria-hidden className="size-4 shrink-0" />
          {t('method.close')}
        </span>
      )
    default:
      return null
  }
}
