/* A ring that empties until the next code. */
import { useEffect, useState } from 'react'
import { useFormat } from '@/lib/format'

const AROUND = 2 * Math.PI * 16

export function Countdown({ until, of }: { until: number; of: number }) {
  const format = useFormat()
  const [left, setLeft] = useState(of)
  useEffect(() => {
    const tick = () => setLeft(Math.max(0, (until - performance.now()) / 1000))
    tick()
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [until])
  return (
    <span className="relative grid size-16 place-items-center" aria-hidden>
      <svg viewBox="0 0 36 36" aria-hidden="true" className="absolute inset-0 -rotate-90">
        <circle cx="18" cy="18" r="16" fill="none" strokeWidth="3" className="stroke-line" />
        <circle
          cx="18"
          cy="18"
          r="16"
          fill="none"
          strokeWidth="3"
          strokeLinecap="round"
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * (1 - left / of)}
          className="stroke-accent transition-[stroke-dashoffset] duration-250 ease-linear"
        />
      </svg>
      <span className="font-semibold text-xl tabular-nums">{format.number(Math.ceil(left))}</span>
    </span>
  )
}
