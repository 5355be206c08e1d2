/* By name, as a roll is called, or by the latest check-in, as a door is watched. */
import { ArrowDownWideNarrow } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AttendanceRecord } from '@/api/types'
import { Button } from '@/components/ui/button'

export type Order = 'latest' | undefined

/* Times as the server writes them sort as text does, without asking a language how. */
const later = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0)

/* The latest mark first, then those without one, by name. */
export function inOrder(records: readonly AttendanceRecord[], order: Order) {
  if (order !== 'latest') return records
  return records.toSorted((a, b) => later(a.marked_at ?? '', b.marked_at ?? ''))
}

type Props = { order: Order; onOrder: (order: Order) => void }

export function OrderButton({ order, onOrder }: Props) {
  const { t } = useTranslation()
  const on = order === 'latest'
  return (
    <Button
      variant={on ? 'outline' : 'ghost'}
      size="sm"
      aria-pressed={on}
      title={t('order.latest')}
      onClick={() => onOrder(on ? undefined : 'latest')}
    >
      <ArrowDownWideNarrow aria-hidden className="size-4" />
      <span className="xl:max-2xl:sr-only">{t('order.latest')}</span>
    </Button>
  )
}
