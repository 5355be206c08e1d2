import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries/auth'
import { PageHead } from '@/components/page-head'
import { useFormat } from '@/lib/format'
import { loadTexts } from '@/lib/i18n'
import { AdminHome } from './admin-home'
import { StudentHome } from './student-home'
import { TrainerHome } from './trainer-home'

const GuardianHome = lazy(async () => {
  await loadTexts('people')
  return { default: (await import('./guardian-home')).GuardianHome }
})

const HOMES = {
  admin: AdminHome,
  trainer: TrainerHome,
  student: StudentHome,
  guardian: GuardianHome,
} as const

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
      <Suspense fallback={null}>
        <Home />
      </Suspense>
    </>
  )
}
