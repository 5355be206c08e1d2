/* What a recognised (or not recognised) face says over the picture and in the list. */
import type { TFunction } from 'i18next'
import type { SeenFace } from '@/api/types'
import type { DrawnFace, FaceTone } from '@/lib/draw-faces'

const TONE: Record<SeenFace['decision'], FaceTone> = {
  match: 'match',
  ambiguous: 'doubt',
  low_quality: 'doubt',
  unknown: 'unknown',
}

export function drawn(t: TFunction, face: SeenFace): DrawnFace {
  return {
    box: face.box,
    label: face.student_name ?? t(`decision.${face.decision}`),
    tone: TONE[face.decision],
  }
}

/* The newest first, each student once. */
export function rememberFaces(
  old: readonly SeenFace[],
  faces: readonly SeenFace[],
  most: number,
): readonly SeenFace[] {
  const news = faces.filter((f) => f.decision === 'match' && f.student_id !== null)
  if (news.every((f) => old.some((o) => o.student_id === f.student_id))) return old
  const rest = old.filter((o) => !news.some((f) => f.student_id === o.student_id))
  return [...news, ...rest].slice(0, most)
}
