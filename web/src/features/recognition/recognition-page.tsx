/* What an admin can know and do about wrong names: measured on the school's own faces. */
import { useTranslation } from 'react-i18next'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { CalibrationCard } from './calibration-card'
import { PairsCard } from './pairs-card'

export function RecognitionPage() {
  const { t } = useTranslation()
  return (
    <Guard need="recognition:manage">
      <PageHead title={t('trust.title')} hint={t('trust.hint')} />
      <div className="grid min-w-0 gap-5">
        <CalibrationCard />
        <PairsCard />
      </div>
    </Guard>
  )
}
