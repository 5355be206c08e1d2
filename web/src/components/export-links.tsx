/* Everything that is stored about somebody, to keep: a page to read, and JSON. */
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { accountJson, accountPage, exportJson, exportPage } from '@/api/queries/privacy'
import { useUi } from '@/lib/ui-store'
import { buttonClass } from './ui/button'

type Props = { of: { student: number } | { account: number } }

export function ExportLinks({ of }: Props) {
  const { t } = useTranslation()
  const locale = useUi((s) => s.lang)
  const [page, json] =
    'student' in of
      ? [exportPage(of.student, locale), exportJson(of.student)]
      : [accountPage(of.account, locale), accountJson(of.account)]
  return (
    <div className="flex flex-wrap gap-2">
      <a href={page} download className={buttonClass('outline')}>
        <Download aria-hidden className="size-4" />
        {t('privacy.exportPage')}
      </a>
      <a href={json} download className={buttonClass('outline')}>
        <Download aria-hidden className="size-4" />
        {t('privacy.exportJson')}
      </a>
    </div>
  )
}
