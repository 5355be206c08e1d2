/*
 * What to do, drawn. The preview is a mirror, so the person's own left is at the left of the screen,
 * in every direction of writing.
 */
import type { Challenge } from '@/api/queries/liveness'

const SHAPES: Record<Challenge, string> = {
  blink: 'M8 26q8 7 16 0M40 26q8 7 16 0M12 32l-2 4M20 32l2 4M44 32l-2 4M52 32l2 4',
  turn_left: 'M44 14c10 8 10 28 0 36M36 32H8M18 22 8 32l10 10',
  turn_right: 'M20 14c-10 8-10 28 0 36M28 32h28M46 22l10 10-10 10',
  come_closer: 'M32 14a18 18 0 1 1-.1 0M32 4v-2M6 8l8 8M58 8l-8 8M6 56l8-8M58 56l-8-8',
}

export const ChallengeIcon = ({ what }: { what: Challenge }) => (
  <svg aria-hidden="true" viewBox="0 0 64 64" className="size-10 shrink-0 text-accent">
    <path
      d={SHAPES[what]}
      fill="none"
      stroke="currentColor"
      strokeWidth="5"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)

/* Where to hold the face, and around it how much is done. */
export function FaceGuide({ done, total, found }: { done: number; total: number; found: boolean }) {
  const share = total > 0 ? done / total : 0
  return (
    <svg aria-hidden="true" viewBox="0 0 400 300" className="absolute inset-0 size-full">
      <path
        d="M0 0h400v300H0zM200 30a82 112 0 1 0 .1 0"
        fillRule="evenodd"
        fill="#0a1a1e"
        fillOpacity="0.45"
      />
      <ellipse
        cx="200"
        cy="142"
        rx="82"
        ry="112"
        fill="none"
        stroke={found ? '#ffffff' : '#ffc65c'}
        strokeWidth="3"
        strokeDasharray={found ? undefined : '8 8'}
      />
      <ellipse
        cx="200"
        cy="142"
        rx="89"
        ry="119"
        fill="none"
        stroke="#3ddc91"
        strokeWidth="7"
        pathLength="100"
        strokeDasharray={`${share * 100} 100`}
        className="motion-safe:transition-all motion-safe:duration-300"
      />
    </svg>
  )
}
