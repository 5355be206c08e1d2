import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries/auth'
import { PageHead } from '@/components/page-head'
import { useFormat } from '@/lib/format'
import { AdminHome } from './admin-home'
import { StudentHome } from './student-home'
import { TrainerHome } from './trainer-home'

const HOMES = { admin: AdminHome, trainer: TrainerHome, student: StudentHome } as const

export function HomePage() {
  const { t } = useTranslation()
  const format = useFormat()
  const me = useMe()
  const Home = HOMES[me.role]
  return (
    <>
      <PageHead
        title={t('home.title', { name: me.name.split(' ')[0] ?? me.name })}
        hint={format.longDay(new Date().toISOString())}
      />
      <Home />
    </>
  )
}
