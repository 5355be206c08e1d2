import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

const VARIANTS = {
  primary: 'bg-accent text-accent-fg hover:bg-accent-hover',
  outline: 'border border-line bg-panel hover:border-strong-line hover:bg-sunk',
  ghost: 'hover:bg-idle-soft',
  danger: 'border border-bad/40 bg-panel text-bad hover:bg-bad-soft',
} as const

const SIZES = { sm: 'h-8 px-2.5 text-sm', md: 'h-10 px-4', icon: 'size-10 justify-center' } as const

export type ButtonVariant = keyof typeof VARIANTS

type Props = ComponentProps<'button'> & {
  variant?: ButtonVariant
  size?: keyof typeof SIZES
  busy?: boolean
}

export function buttonClass(variant: ButtonVariant = 'outline', size: keyof typeof SIZES = 'md') {
  return cn(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors disabled:opacity-55',
    VARIANTS[variant],
    SIZES[size],
  )
}

export function Button({
  variant = 'outline',
  size = 'md',
  busy = false,
  className,
  type = 'button',
  disabled,
  children,
  ...rest
}: Props) {
  return (
    <button
      type={type}
      className={cn(buttonClass(variant, size), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
    </button>
  )
}
