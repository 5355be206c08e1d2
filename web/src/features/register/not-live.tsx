/* One line that says what the register's state means for the reader. */
import { Info } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Session } from '@/api/types'
import { useFormat } from '@/lib/format'

export function NotLive({ session }: { session: Session }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (session.state === 'open') return null
  const time = format.time(session.opens_at, session.time_zone)
  return (
    <p className="flex items-start gap-2 rounded-lg bg-idle-soft px-4 py-2.5 text-idle text-sm">
      <Info aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {t(`register.is.${session.state}`, { time })}
        {session.cancel_reason && <bdi className="block">{session.cancel_reason}</bdi>}
      </span>
    </p>
  )
}
