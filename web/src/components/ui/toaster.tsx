import { CircleCheck, CircleX, Undo2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { dropToast, holdToasts, type Toast, useToasts } from '@/lib/toast'

function Item({ item }: { item: Toast }) {
  const { t } = useTranslation()
  return (
    <li className="pointer-events-auto flex items-center gap-3 rounded-xl bg-side py-2 ps-4 pe-2 text-white shadow-float">
      {item.tone === 'ok' && <CircleCheck aria-hidden className="size-5 text-emerald-300" />}
      {item.tone === 'bad' && <CircleX aria-hidden className="size-5 text-red-300" />}
      <span className="min-w-0 flex-1">{item.text}</span>
      {item.action && (
        <button
          type="button"
          className="flex h-8 items-center gap-1.5 rounded-lg px-2.5 font-semibold text-cyan-200 hover:bg-white/10 focus-visible:outline-cyan-200"
          onClick={() => {
            item.action?.run()
            dropToast(item.id)
          }}
        >
          <Undo2 aria-hidden className="flip-rtl size-4" />
          {item.action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t('common.dismiss')}
        className="grid size-8 place-items-center rounded-lg hover:bg-white/10 focus-visible:outline-cyan-200"
        onClick={() => dropToast(item.id)}
      >
        <X aria-hidden className="size-4" />
      </button>
    </li>
  )
}

export function Toaster() {
  const { t } = useTranslation()
  const items = useToasts((s) => s.items)
  return (
    <section
      aria-label={t('common.messages')}
      onPointerEnter={() => holdToasts(true)}
      onPointerLeave={() => holdToasts(false)}
      onFocus={() => holdToasts(true)}
      onBlur={() => holdToasts(false)}
      aria-live="polite"
      className="no-print pointer-events-none fixed inset-x-4 bottom-4 z-50 mx-auto max-w-md"
    >
      <ul className="grid gap-2">
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </section>
  )
}
