/* What an admin looks after around faces: look-alikes to judge, old templates, photos in bulk. */
import { useTranslation } from 'react-i18next'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { AgeingCard } from './ageing-card'
import { DuplicatesCard } from './duplicates-card'
import { ImportCard } from './import-card'

export function FacesPage() {
  const { t } = useTranslation()
  return (
    <Guard need="enrolment:manage">
      <PageHead title={t('faces.title')} hint={t('faces.hint')} />
      <div className="grid min-w-0 gap-5">
        <DuplicatesCard />
        <ImportCard />
        <AgeingCard />
      </div>
    </Guard>
  )
}
