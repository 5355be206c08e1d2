/* What a recognised (or not recognised) face says over the picture and in the list. */
import i18n, { type TFunction } from 'i18next'
import type { Decision, SeenFace } from '@/api/types'
import type { DrawnFace, FaceTone } from '@/lib/draw-faces'
import type { TextKey } from '@/lib/i18n'
import type { Lang } from '@/lib/ui-store'

const TONE: Record<Decision['decision'], FaceTone> = {
  match: 'match',
  ambiguous: 'doubt',
  low_quality: 'doubt',
  spoof_suspected: 'doubt',
  unknown: 'unknown',
  no_face: 'unknown',
  no_consent: 'unknown',
}

/* The sentence that says why, in the language of the page. */
export const whyOf = (outcome: Decision, lang: Lang): string => outcome.why[lang]

/* A face that is still looked at says what to change, else how far it is. */
function progress(t: TFunction, face: SeenFace): string {
  const flaw = face.flaws[0]
  if (flaw && i18n.exists(`flaw.${flaw}.short`)) return t(`flaw.${flaw}.short` as TextKey)
  return face.votes ? `${face.votes}/${face.votes_needed}` : ''
}

export function drawn(t: TFunction, face: SeenFace): DrawnFace {
  const { outcome } = face
  return {
    box: face.box,
    label: outcome
      ? (outcome.student_name ?? t(`decision.${outcome.decision}`))
      : progress(t, face),
    tone: outcome ? TONE[outcome.decision] : 'unknown',
  }
}

const studentOf = (face: SeenFace) => face.outcome?.student_id ?? null

/* Those who were just marked, the newest first, each student once. */
export function rememberFaces(
  old: readonly SeenFace[],
  faces: readonly SeenFace[],
  most: number,
): readonly SeenFace[] {
  const news = faces.filter((f) => f.outcome?.decision === 'match' && studentOf(f) !== null)
  if (news.every((f) => old.some((o) => studentOf(o) === studentOf(f)))) return old
  const rest = old.filter((o) => !news.some((f) => studentOf(f) === studentOf(o)))
  return [...news, ...rest].slice(0, most)
}
