/* Initials on a colour that stays with the name. */
import { cn } from '@/lib/cn'

const TONES = [
  'bg-[#2f6f62] text-white',
  'bg-[#7a4a2b] text-white',
  'bg-[#4b4f9c] text-white',
  'bg-[#8a3b5b] text-white',
  'bg-[#2d6690] text-white',
  'bg-[#6a6320] text-white',
] as const

export function initials(name: string): string {
  const parts = name.trim().split(/\s+/)
  const first = parts[0]?.at(0) ?? ''
  const last = parts.length > 1 ? (parts.at(-1)?.at(0) ?? '') : ''
  return (first + last).toUpperCase()
}

function toneOf(name: string): string {
  let sum = 0
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 9973
  return TONES[sum % TONES.length] ?? TONES[0]
}

export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        'grid size-9 shrink-0 select-none place-items-center rounded-full font-semibold text-sm',
        toneOf(name),
        className,
      )}
    >
      {initials(name)}
    </span>
  )
}
