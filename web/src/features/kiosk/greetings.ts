/* What the screen says of the faces before it: who was marked, and what to change. */
import i18n, { type TFunction } from 'i18next'
import type { DoorFace, Seen } from '@/api/kiosk'
import type { DrawnFace } from '@/lib/draw-faces'
import type { TextKey } from '@/lib/i18n'
import type { Lang } from '@/lib/ui-store'

export type Greeting = {
  /* The face's track: one line a face. */
  track: number
  tone: 'ok' | 'doubt'
  name: string | null
  text: string
  markedAt: string | null
  until: number
}

const SHOWN_MS = 8000
const MOST = 4

function hint(t: TFunction, face: DoorFace): string {
  if (face.asks_blink) return t('kiosk.blink')
  const flaw = face.flaws[0]
  const key = `kiosk.flaw.${flaw}`
  return flaw && i18n.exists(key) ? t(key as TextKey) : ''
}

export function drawn(t: TFunction, face: DoorFace): DrawnFace {
  const { outcome } = face
  if (outcome?.decision === 'match') {
    return { box: face.box, label: outcome.student_name ?? '', tone: 'match' }
  }
  if (outcome) return { box: face.box, label: '', tone: 'doubt' }
  const progress = face.votes ? `${face.votes}/${face.votes_needed}` : ''
  return { box: face.box, label: hint(t, face) || progress, tone: 'unknown' }
}

function greetingOf(t: TFunction, lang: Lang, face: DoorFace, now: number): Greeting | undefined {
  const { outcome, mark, track } = face
  if (track === null) return undefined
  const base = { track, name: null, markedAt: null, until: now + SHOWN_MS }
  if (!outcome) {
    const text = hint(t, face)
    return text ? { ...base, tone: 'doubt', text, until: now + 1500 } : undefined
  }
  if (outcome.decision !== 'match') return { ...base, tone: 'doubt', text: outcome.why[lang] }
  if (!mark) return undefined
  const status = i18n.exists(`kiosk.status.${mark.status}`) ? mark.status : 'present'
  return {
    ...base,
    tone: 'ok',
    name: outcome.student_name,
    text: t(`kiosk.status.${status}` as TextKey),
    markedAt: mark.marked_at,
  }
}

/* The newest first; what was said long ago goes. */
export function greet(
  t: TFunction,
  lang: Lang,
  old: readonly Greeting[],
  seen: Seen,
  now: number,
): readonly Greeting[] {
  const news = seen.faces.flatMap((face) => greetingOf(t, lang, face, now) ?? [])
  const rest = old.filter((o) => o.until > now && !news.some((n) => n.track === o.track))
  if (news.length === 0 && rest.length === old.length) return old
  return [...news, ...rest].slice(0, MOST)
}
