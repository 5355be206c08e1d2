import { Search } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useModal } from '@/components/ui/modal'
import { cn } from '@/lib/cn'
import { type PaletteItem, usePaletteGroups } from './palette-items'

type OptionProps = {
  id: string
  item: PaletteItem
  current: boolean
  onRun: () => void
  onHover: () => void
}

function Option({ id, item, current, onRun, onHover }: OptionProps) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (current) ref.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const Icon = item.icon
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keyboard, by aria-activedescendant
    <div
      ref={ref}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={current}
      onClick={onRun}
      onPointerMove={onHover}
      className={cn(
        'flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2',
        current && 'bg-soft',
      )}
    >
      <Icon aria-hidden className={cn('size-4 shrink-0 text-muted', current && 'text-accent')} />
      <bdi className="truncate">{item.text}</bdi>
      {item.hint && <bdi className="ms-auto truncate text-muted text-sm">{item.hint}</bdi>}
    </div>
  )
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const groups = usePaletteGroups(words)
  const items = groups.flatMap((group) => group.items)
  const current = items[Math.min(at, items.length - 1)]
  const optionId = (item: PaletteItem) => `${id}-${item.id.replaceAll(/[^a-z0-9]/g, '-')}`

  useModal(dialog)

  const run = (item: PaletteItem | undefined) => {
    if (!item) return
    onClose()
    item.run()
  }
  const onKey = (e: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
    if (step) {
      e.preventDefault()
      setAt((Math.min(at, items.length - 1) + step + items.length) % Math.max(1, items.length))
    } else if (e.key === 'Enter') {
      e.preventDefault()
      run(current)
    }
  }
  return (
    <dialog
      ref={dialog}
      aria-label={t('palette.title')}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
      onPointerDown={(e) => {
        if (e.target === dialog.current) onClose()
      }}
      className="mt-[10vh] w-[calc(100vw-2rem)] max-w-xl overflow-hidden rounded-2xl border border-line bg-panel p-0 shadow-float"
    >
      <div className="flex items-center gap-3 border-line border-b px-4">
        <Search aria-hidden className="size-5 text-muted" />
        <input
          role="combobox"
          aria-label={t('palette.open')}
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={current && optionId(current)}
          aria-autocomplete="list"
          placeholder={t('palette.open')}
          value={words}
          onChange={(e) => {
            setWords(e.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
          className="h-14 w-full bg-transparent outline-none placeholder:text-muted"
        />
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t('palette.title')}
        className="max-h-[50vh] overflow-y-auto p-2"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a listbox holds groups, not fieldsets
          <div key={group.name} role="group" aria-label={group.name} className="mb-2 last:mb-0">
            <p aria-hidden className="px-3 py-1 font-medium text-muted text-xs">
              {group.name}
            </p>
            {group.items.map((item) => (
              <Option
                key={item.id}
                id={optionId(item)}
                item={item}
                current={item === current}
                onRun={() => run(item)}
                onHover={() => setAt(items.indexOf(item))}
              />
            ))}
          </div>
        ))}
      </div>
      <p role="status" className="px-5 pb-5 text-muted empty:hidden">
        {items.length === 0 && t('palette.none')}
      </p>
    </dialog>
  )
}
