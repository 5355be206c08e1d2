/* The way to the list import; its texts and its code come when it is wanted. */
import { FileUp } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import type { AttendanceRecord } from '@/api/types'
import { Button } from '@/components/ui/button'
import { loadTexts } from '@/lib/i18n'

const ListImport = lazy(async () => {
  const [page] = await Promise.all([import('./list-import'), loadTexts('list')])
  return page
})

type Props = { sessionId: number; records: readonly AttendanceRecord[] }

export function ImportButton(props: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (!useMay('marks:import')) return null
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        title={t('register.importTitle')}
        onClick={() => setOpen(true)}
      >
        <FileUp aria-hidden className="size-4" />
        <span className="xl:max-2xl:sr-only">{t('register.import')}</span>
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ListImport {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
