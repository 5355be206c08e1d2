/* To the code on the projector, for who may show it while the register is open. */
import { Link } from '@tanstack/react-router'
import { QrCode } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import type { Session } from '@/api/types'
import { buttonClass } from './ui/button'

export function CodeLink({ session }: { session: Session }) {
  const { t } = useTranslation()
  const may = useMay('codes:show')
  if (!may || session.state !== 'open') return null
  return (
    <Link
      to="/sessions/$sessionId/code"
      params={{ sessionId: session.id }}
      className={buttonClass()}
    >
      <QrCode aria-hidden className="size-4" />
      {t('code.show')}
    </Link>
  )
}
