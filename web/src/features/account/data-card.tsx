/* Everything that is stored about the own account, to keep: a page to read, and JSON. */
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries/auth'
import { ExportLinks } from '@/components/export-links'
import { Card, CardHead } from '@/components/ui/card'

export function DataCard() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <Card>
      <CardHead title={t('account.data')} hint={t('account.dataHint')} />
      <ExportLinks of={{ account: me.id }} />
    </Card>
  )
}
