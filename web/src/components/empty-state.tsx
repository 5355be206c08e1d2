/* Says what is missing and what to do next. */
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  icon: LucideIcon
  title: string
  hint?: string | undefined
  level?: 1 | 2 | 3
  children?: ReactNode
}

export function EmptyState({ icon: Icon, title, hint, level = 3, children }: Props) {
  const Title = `h${level}` as const
  return (
    <div className="grid justify-items-center gap-3 px-6 py-10 text-center">
      <span className="grid size-12 place-items-center rounded-2xl bg-soft text-accent">
        <Icon aria-hidden className="size-6" />
      </span>
      <div>
        <Title className="font-semibold">{title}</Title>
        {hint && <p className="mx-auto max-w-sm text-muted text-sm">{hint}</p>}
      </div>
      {children}
    </div>
  )
}
