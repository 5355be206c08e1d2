/* A lesson in the grid or the list: what, when, where, who; struck through when it is cancelled. */
import { Replace } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Session } from '@/api/types'
import { useFormat } from '@/lib/format'

export const cancelled = (s: Session) => s.state === 'cancelled'

export function LessonTime({ session, zone }: { session: Session; zone: string }) {
  const format = useFormat()
  return (
    <time dateTime={session.starts_at} className="tabular-nums">
      {format.timeRange(session.starts_at, session.ends_at, zone)}
    </time>
  )
}

/* Marks beside the name: cancelled, given by somebody else. */
export function LessonMarks({ session }: { session: Session }) {
  const { t } = useTranslation()
  return (
    <>
      {cancelled(session) && <span className="font-medium text-bad">{t('state.cancelled')}</span>}
      {session.planned_trainer_id !== null && (
        <span className="inline-flex items-center gap-1 text-warn">
          <Replace aria-hidden className="size-3.5 shrink-0" />
          {t('timetable.substitute')}
        </span>
      )}
    </>
  )
}

export const LessonName = ({ session }: { session: Session }) => (
  <bdi className={cancelled(session) ? 'line-through' : undefined}>{session.module_name}</bdi>
)
