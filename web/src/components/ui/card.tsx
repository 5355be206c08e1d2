import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/lib/cn'

export const Card = ({ className, ...rest }: ComponentProps<'section'>) => (
  <section
    className={cn('rounded-xl border border-line bg-panel p-5 shadow-card', className)}
    {...rest}
  />
)

type HeadProps = { title: string; hint?: ReactNode; children?: ReactNode; id?: string }

export function CardHead({ title, hint, children, id }: HeadProps) {
  return (
    <header className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="me-auto min-w-0">
        <h2 id={id} className="font-semibold text-lg leading-snug">
          {title}
        </h2>
        {hint && <p className="text-muted text-sm">{hint}</p>}
      </div>
      {children}
    </header>
  )
}

export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cn('animate-pulse rounded-md bg-idle-soft', className)} />
)
