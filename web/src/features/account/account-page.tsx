import { useTranslation } from 'react-i18next'
import { PageHead } from '@/components/page-head'
import { CalendarsCard } from './calendars-card'
import { DataCard } from './data-card'
import { LoginsCard } from './logins-card'
import { PasswordCard } from './password-card'
import { ProfileCard } from './profile-card'

export function AccountPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHead title={t('account.title')} />
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <ProfileCard />
        <PasswordCard />
        <div className="xl:col-span-2">
          <CalendarsCard />
        </div>
        <div className="xl:col-span-2">
          <LoginsCard />
        </div>
        <div className="xl:col-span-2">
          <DataCard />
        </div>
      </div>
    </>
  )
}
