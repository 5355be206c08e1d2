/* The platform's own <dialog>: focus trap, Escape and inertness come with it and no style is injected. */
import { X } from 'lucide-react'
import { type ReactNode, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { Button } from './button'
import { useModal } from './modal'

type Props = {
  title: string
  onClose: () => void
  children: ReactNode
  wide?: boolean
}

export function Dialog({ title, onClose, children, wide = false }: Props) {
  const { t } = useTranslation()
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useModal(ref, 'form :is(input, select, textarea)')
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
      className={cn(
        'max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-auto rounded-2xl border border-line bg-panel p-0 text-fg shadow-float',
        wide ? 'max-w-2xl' : 'max-w-md',
      )}
    >
      <div className="sticky top-0 z-10 flex items-center gap-3 border-line border-b bg-panel px-5 py-3">
        <h2 id={id} className="me-auto font-semibold text-lg">
          {title}
        </h2>
        <Button variant="ghost" size="icon" aria-label={t('common.close')} onClick={onClose}>
          <X aria-hidden className="size-5" />
        </Button>
      </div>
      <div className="p-5">{children}</div>
    </dialog>
  )
}

export const DialogFoot = ({ children }: { children: ReactNode }) => (
  <div className="mt-6 flex flex-wrap justify-end gap-2">{children}</div>
)
