import { useTranslation } from 'react-i18next'
import { Dialog } from '@/components/ui/dialog'

const ROWS = [
  { keys: ['↓', 'J'], text: 'keys.next' },
  { keys: ['↑', 'K'], text: 'keys.previous' },
  { keys: ['P'], text: 'keys.present' },
  { keys: ['L'], text: 'keys.late' },
  { keys: ['A'], text: 'keys.absent' },
  { keys: ['E'], text: 'keys.excused' },
  { keys: ['U'], text: 'keys.undo' },
  { keys: ['?'], text: 'keys.help' },
] as const

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className="grid gap-2.5">
        {ROWS.map((row) => (
          <div key={row.text} className="flex items-center justify-between gap-4">
            <dt>{t(row.text)}</dt>
            <dd className="flex gap-1">
              {row.keys.map((key) => (
                <kbd
                  key={key}
                  className="grid h-7 min-w-7 place-items-center rounded-md border border-line border-b-2 bg-sunk px-1.5 font-sans text-sm"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
