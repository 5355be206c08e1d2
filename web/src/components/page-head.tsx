/* The title of a page, which is also the title of the browser tab. */
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'

type Props = { title: string; hint?: ReactNode; before?: ReactNode; children?: ReactNode }

export function PageHead({ title, hint, before, children }: Props) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  return (
    <header className="mb-6 flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="me-auto min-w-0">
        {before}
        <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
        {hint && <div className="mt-0.5 text-muted">{hint}</div>}
      </div>
      {children && <div className="no-print flex flex-wrap items-center gap-2">{children}</div>}
    </header>
  )
}
