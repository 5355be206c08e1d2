/* Everything that is stored about the own account, to keep: a page to read, and JSON. */
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries/auth'
import { accountJson, accountPage } from '@/api/queries/privacy'
import { buttonClass } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { useUi } from '@/lib/ui-store'

export function DataCard() {
  const { t } = useTranslation()
  const me = useMe()
  const locale = useUi((s) => s.lang)
  return (
    <Card>
      <CardHead title={t('account.data')} hint={t('account.dataHint')} />
      <div className="flex flex-wrap gap-2">
        <a href={accountPage(me.id, locale)} download className={buttonClass('outline')}>
          <Download aria-hidden className="size-4" />
          {t('account.dataPage')}
        </a>
        <a href={accountJson(me.id)} download className={buttonClass('outline')}>
          <Download aria-hidden className="size-4" />
          {t('account.dataJson')}
        </a>
      </div>
    </Card>
  )
}
