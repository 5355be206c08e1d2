/* Roll-call by keyboard alone. What each key does is also what the help lists. */
import { useEffect } from 'react'
import type { MarkStatus } from '@/api/types'

export type RollKey =
  | { kind: 'move'; by: 1 | -1 }
  | { kind: 'mark'; status: MarkStatus }
  | { kind: 'undo' }
  | { kind: 'help' }

const KEYS: Record<string, RollKey> = {
  j: { kind: 'move', by: 1 },
  arrowdown: { kind: 'move', by: 1 },
  k: { kind: 'move', by: -1 },
  arrowup: { kind: 'move', by: -1 },
  p: { kind: 'mark', status: 'present' },
  l: { kind: 'mark', status: 'late' },
  a: { kind: 'mark', status: 'absent' },
  e: { kind: 'mark', status: 'excused' },
  u: { kind: 'undo' },
  '?': { kind: 'help' },
}

const TYPING = 'input, select, textarea, dialog, [contenteditable]'

export function rollKey(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>) {
  if (e.ctrlKey || e.metaKey || e.altKey) return undefined
  return KEYS[e.key.toLowerCase()]
}

export function useRollKeys(run: (key: RollKey) => void, on: boolean) {
  useEffect(() => {
    if (!on) return
    const hear = (e: KeyboardEvent) => {
      if (e.defaultPrevented || (e.target as Element | null)?.closest?.(TYPING)) return
      const key = rollKey(e)
      if (!key) return
      e.preventDefault()
      run(key)
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [run, on])
}
