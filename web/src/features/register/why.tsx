/* Why the register says what it says: the rules' sentence, what a person made of it, and when. */
import { useTranslation } from 'react-i18next'
import type { AttendanceRecord, StatusCode } from '@/api/types'
import { useFormat } from '@/lib/format'
import { useUi } from '@/lib/ui-store'

/* The school's letters, in the school's colour. */
type CodeProps = { code: string | null; codes: readonly StatusCode[] | undefined }

export function CodeMark({ code, codes }: CodeProps) {
  const lang = useUi((s) => s.lang)
  const found = codes?.find((c) => c.code === code)
  if (!code) return null
  return (
    <span
      title={found?.[`label_${lang}`]}
      data-code={code}
      className="rounded border-2 px-1 font-semibold text-xs tabular-nums"
      style={{ borderColor: found?.colour }}
    >
      <bdi>{code}</bdi>
    </span>
  )
}

export function Times({ record, zone }: { record: AttendanceRecord; zone: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!record.in_at && !record.out_at) return null
  return (
    <span className="block text-muted text-xs tabular-nums">
      {record.in_at && t('why.in', { time: format.time(record.in_at, zone) })}
      {record.in_at && record.out_at && ' · '}
      {record.out_at && t('why.out', { time: format.time(record.out_at, zone) })}
      {record.minutes_present !== null && ` · ${format.minutes(record.minutes_present)}`}
    </span>
  )
}

/* The sentence; where a person said otherwise, also what the rules alone say. */
export function Why({ record }: { record: AttendanceRecord }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const { derived } = record
  /* Of somebody whom nothing but a person has seen the rules say nothing. */
  const overridden = derived !== null && derived !== record.status && derived !== 'unmarked'
  if (record.status === 'unmarked') return null
  return (
    <span className="block text-muted text-xs">
      {record.reason !== 'person_said' && record.why?.[lang]}
      {overridden && (
        <span className="block" data-derived={derived}>
          {t('why.derived', { status: t(`status.${derived}`) })}
        </span>
      )}
    </span>
  )
}
