/* A search box whose words reach the URL when the typing pauses. */
import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { cn } from '@/lib/cn'
import { Input } from './ui/field'

const PAUSE_MS = 250

type Props = {
  label: string
  value: string
  onChange: (value: string) => void
  className?: string
}

export function SearchInput({ label, value, onChange, className }: Props) {
  const [text, setText] = useState(value)
  const tell = useRef(onChange)
  tell.current = onChange
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => tell.current(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <div className={cn('relative', className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute start-3 top-1/2 size-4 -translate-y-1/2 text-muted"
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(e) => setText(e.target.value)}
        className="ps-9"
      />
    </div>
  )
}
