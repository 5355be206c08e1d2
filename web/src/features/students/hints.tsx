/* What is wrong with the face in front of the camera, with figures, in the reader's words. */
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { EnrolmentCheck, Flaw, Hint } from '@/api/types'
import { useFormat } from '@/lib/format'
import type { TextKey } from '@/lib/i18n'

/* Rounded away from the limit, so that nobody reads "100, at least 100". */
export function shownFigure(measured: number, limit: number, digits: number): number {
  const k = 10 ** digits
  return (measured < limit ? Math.floor(measured * k) : Math.ceil(measured * k)) / k
}

export function FlawText({ flaw }: { flaw: Pick<Flaw, 'code' | 'measured' | 'limit'> }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const key = `flaw.${flaw.code}`
  const digits = Math.abs(flaw.limit) < 20 ? 1 : 0
  return t((i18n.exists(key) ? key : 'flaw.other') as TextKey, {
    measured: format.number(shownFigure(flaw.measured, flaw.limit, digits), digits),
    limit: format.number(flaw.limit, digits),
  })
}

/* Shares and turns have small limits, pixels and brightness large ones. */
const digitsOf = (limit: number) => (Math.abs(limit) < 2 ? 2 : Math.abs(limit) < 20 ? 1 : 0)

function HintText({ hint }: { hint: Hint }) {
  const { t } = useTranslation()
  const format = useFormat()
  const digits = digitsOf(hint.limit)
  return t(`hint.${hint.code}`, {
    measured: format.number(shownFigure(hint.measured, hint.limit, digits), digits),
    limit: format.number(hint.limit, digits),
  })
}

export function Hints({ check }: { check: EnrolmentCheck | undefined }) {
  const { t } = useTranslation()
  if (!check) return <p className="text-muted text-sm">{t('enrol.looking')}</p>
  if (check.hints.length === 0) {
    return (
      <p className="flex items-center gap-2 font-medium text-ok">
        <CircleCheck aria-hidden className="size-5" />
        {t('coach.good')}
      </p>
    )
  }
  return (
    <ul className="grid gap-1 text-warn">
      {check.hints.map((hint) => (
        <li key={hint.code} className="flex items-start gap-2">
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          <span>
            <HintText hint={hint} />
          </span>
        </li>
      ))}
    </ul>
  )
}
