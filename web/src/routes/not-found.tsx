import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/empty-state'
import { buttonClass } from '@/components/ui/button'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <EmptyState icon={Compass} title={t('notFound.title')} hint={t('notFound.hint')} level={1}>
        <Link to="/" className={buttonClass('primary')}>
          {t('notFound.home')}
        </Link>
      </EmptyState>
    </main>
  )
}
