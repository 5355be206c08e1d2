/* How a justification's time, reason and state are said. */
import type { PaperItem, PaperState } from '@/api/queries/papers'
import type { Formats } from '@/lib/format'
import type { Lang } from '@/lib/ui-store'

export const STATES = [
  'awaiting_guardian',
  'pending',
  'needs_info',
  'approved',
  'rejected',
  'withdrawn',
  'revoked',
] as const satisfies readonly PaperState[]

export const TONES: Record<PaperState, 'ok' | 'warn' | 'bad' | 'info' | 'idle'> = {
  awaiting_guardian: 'warn',
  pending: 'info',
  needs_info: 'warn',
  approved: 'ok',
  rejected: 'bad',
  withdrawn: 'idle',
  revoked: 'bad',
}

type Labels = { en: string; fr: string; ar: string }

export const labelOf = (labels: Labels, lang: Lang) => labels[lang]

export const reasonOf = (p: PaperItem, lang: Lang) =>
  labelOf({ en: p.reason_en, fr: p.reason_fr, ar: p.reason_ar }, lang)

/* Whole days as days: the end is the midnight after the last. */
export function timeOf(format: Formats, p: PaperItem): string {
  if (p.partial) {
    return `${format.date(p.starts_at)}, ${format.timeRange(p.starts_at, p.ends_at)}`
  }
  const last = new Date(new Date(p.ends_at).getTime() - 1).toISOString()
  const [from, to] = [format.date(p.starts_at), format.date(last)]
  return from === to ? from : `${from} – ${to}`
}
