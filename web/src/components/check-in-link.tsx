/* The way for a student to check in to a session that is open now. */
import { Link } from '@tanstack/react-router'
import { QrCode, ScanFace } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import type { Session } from '@/api/types'
import { buttonClass } from './ui/button'

export function CheckInLink({ session }: { session: Session }) {
  const { t } = useTranslation()
  const may = useMay('check-in:self')
  if (!may || session.state !== 'open') return null
  return (
    <>
      <Link
        to="/check-in/$sessionId"
        params={{ sessionId: session.id }}
        className={buttonClass('primary', 'sm')}
      >
        <ScanFace aria-hidden className="size-4" />
        {t('live.checkIn')}
      </Link>
      <Link to="/check-in" className={buttonClass('outline', 'sm')}>
        <QrCode aria-hidden className="size-4" />
        {t('code.enter')}
      </Link>
    </>
  )
}
