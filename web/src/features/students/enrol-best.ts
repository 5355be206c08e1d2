/* Which of the pictures that the camera gives is kept for each pose: the best of a few good ones. */
import type { EnrolmentCheck } from '@/api/types'

export const POSES = ['front', 'slightly_left', 'slightly_right'] as const
export type Pose = (typeof POSES)[number]

/* Good pictures of one pose to choose from before the next pose is asked for. */
export const LOOKS = 3

export type Looks = Readonly<Partial<Record<Pose, { seen: number; score: number }>>>
type Look = Pick<EnrolmentCheck, 'ok' | 'pose' | 'score'>

export const isPose = (pose: string): pose is Pose => (POSES as readonly string[]).includes(pose)

/* The looks with this one, and whether its picture is the best of its pose so far. */
export function withLook(looks: Looks, look: Look): { looks: Looks; keep: Pose | undefined } {
  const { pose, score } = look
  if (!look.ok || !isPose(pose)) return { looks, keep: undefined }
  const old = looks[pose]
  if (old && old.seen >= LOOKS) return { looks, keep: undefined }
  const better = !old || score > old.score
  const now = { seen: (old?.seen ?? 0) + 1, score: better ? score : old.score }
  return { looks: { ...looks, [pose]: now }, keep: better ? pose : undefined }
}

export const donePoses = (looks: Looks): Pose[] =>
  POSES.filter((pose) => (looks[pose]?.seen ?? 0) >= LOOKS)

export function withoutPose(looks: Looks, pose: Pose): Looks {
  const { [pose]: _, ...rest } = looks
  return rest
}
