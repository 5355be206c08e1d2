/* Short messages at the foot of the page, some with an undo button. */
import { create } from 'zustand'

export type Toast = {
  id: number
  tone: 'plain' | 'ok' | 'bad'
  text: string
  action?: { label: string; run: () => void }
}

type ToastState = { items: readonly Toast[] }

export const useToasts = create<ToastState>()(() => ({ items: [] }))

const SHOWN_MS = 6000
const MOST = 3
let next = 1

/* Whoever points at a message or has the focus in it is still reading. */
let held = false
export const holdToasts = (on: boolean) => {
  held = on
}

/* What is taken away under the pointer tells nobody that the pointer left it. */
export function dropToast(id: number) {
  held = false
  useToasts.setState((s) => ({ items: s.items.filter((t) => t.id !== id) }))
}

export function dropToasts() {
  held = false
  useToasts.setState({ items: [] })
}

function dropLater(id: number) {
  setTimeout(() => {
    if (held) dropLater(id)
    else dropToast(id)
  }, SHOWN_MS)
}

export function toast(text: string, more: Partial<Pick<Toast, 'tone' | 'action'>> = {}): number {
  const id = next++
  const item: Toast = { id, tone: 'plain', text, ...more }
  useToasts.setState((s) => ({ items: [...s.items, item].slice(-MOST) }))
  dropLater(id)
  return id
}
