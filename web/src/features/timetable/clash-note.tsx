/* What stands in the way of a plan, in words, and the ways around it. */
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format'
import { clashesOf } from './week'

type Props = {
  error: unknown
  zone: string
  onAnyway?: (() => void) | undefined
  onSkip?: (() => void) | undefined
}

const WHAT = {
  trainer_id: 'session.trainer',
  room_id: 'session.room',
  group_ids: 'session.group',
} as const
const SHOWN = 8

export function ClashNote({ error, zone, onAnyway, onSkip }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!(error instanceof ApiProblem) || error.slug !== 'timetable-clash') {
    return <ProblemNote error={error} />
  }
  const clashes = clashesOf(error.fields)
  return (
    <div className="grid gap-3">
      <ProblemNote error={error} />
      <ul className="grid gap-1 text-sm">
        {clashes.slice(0, SHOWN).map((c) => (
          <li key={`${c.field} ${c.session} ${c.from}`}>
            {t('timetable.clash', {
              what: t(WHAT[c.field as keyof typeof WHAT] ?? 'session.group'),
              module: c.module,
              day: format.day(c.from, zone),
              time: format.timeRange(c.from, c.to, zone),
            })}
          </li>
        ))}
        {clashes.length > SHOWN && (
          <li>{t('timetable.more', { n: format.number(clashes.length - SHOWN) })}</li>
        )}
      </ul>
      <div className="flex flex-wrap gap-2">
        {onSkip && <Button onClick={onSkip}>{t('timetable.skip')}</Button>}
        {onAnyway && <Button onClick={onAnyway}>{t('timetable.anyway')}</Button>}
      </div>
    </div>
  )
}
