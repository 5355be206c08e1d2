/* An attendance rate as a ring; the colour follows the absence ladder (15, 20 and 25 % absent). */
import { useFormat } from '@/lib/format'

const R = 42
const AROUND = 2 * Math.PI * R

export function rateTone(rate: number): 'ok' | 'warn' | 'bad' {
  return rate > 0.85 ? 'ok' : rate > 0.8 ? 'warn' : 'bad'
}

export function RateRing({ rate, label }: { rate: number | null; label: string }) {
  const format = useFormat()
  const said = rate === null ? '–' : format.percent(rate)
  return (
    <svg viewBox="0 0 100 100" role="img" aria-label={`${label}: ${said}`} className="size-32">
      <circle cx="50" cy="50" r={R} fill="none" stroke="var(--idle-soft)" strokeWidth="10" />
      {rate !== null && (
        <circle
          cx="50"
          cy="50"
          r={R}
          fill="none"
          stroke={`var(--${rateTone(rate)}-fill)`}
          strokeWidth="10"
          strokeLinecap="round"
          strokeDasharray={`${AROUND * rate} ${AROUND}`}
          transform="rotate(-90 50 50)"
        />
      )}
      <text
        x="50"
        y="51"
        textAnchor="middle"
        dominantBaseline="middle"
        fontSize="19"
        fontWeight="600"
        fill="var(--fg)"
      >
        {said}
      </text>
    </svg>
  )
}
