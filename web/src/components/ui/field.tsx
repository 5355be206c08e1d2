/* A label, its control and what is wrong with it, tied together for screen readers. */
import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from '@/lib/cn'

const CONTROL =
  'w-full rounded-lg border border-strong-line bg-panel px-3 text-fg placeholder:text-muted aria-invalid:border-bad disabled:opacity-60'

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input className={cn(CONTROL, 'h-10', className)} {...rest} />
)

export const Select = ({ className, ...rest }: ComponentProps<'select'>) => (
  <select className={cn(CONTROL, 'h-10 pe-8', className)} {...rest} />
)

export const Textarea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea className={cn(CONTROL, 'min-h-20 py-2', className)} {...rest} />
)

export type ControlProps = {
  id: string
  'aria-invalid': boolean | undefined
  'aria-describedby': string | undefined
}

type Props = {
  label: string
  hint?: string | undefined
  error?: string | undefined
  optional?: string | undefined
  className?: string
  id?: string
  children: (control: ControlProps) => ReactNode
}

export function Field({ label, hint, error, optional, className, id: given, children }: Props) {
  const made = useId()
  const id = given ?? made
  const note = error ?? hint
  return (
    <div className={cn('grid content-start gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
        {optional && <span className="ms-1.5 font-normal text-muted">{optional}</span>}
      </label>
      {children({
        id,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': note ? `${id}-note` : undefined,
      })}
      {note && (
        <p id={`${id}-note`} className={cn('text-sm', error ? 'text-bad' : 'text-muted')}>
          {note}
        </p>
      )}
    </div>
  )
}
