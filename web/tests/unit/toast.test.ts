import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { dropToast, dropToasts, holdToasts, toast, useToasts } from '@/lib/toast'

const shown = () => useToasts.getState().items.map((t) => t.text)

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  dropToasts()
  vi.useRealTimers()
})

it('a message goes by itself, but not while somebody reads it', () => {
  toast('first')
  holdToasts(true)
  vi.advanceTimersByTime(20_000)
  expect(shown()).toEqual(['first'])
  holdToasts(false)
  vi.advanceTimersByTime(6000)
  expect(shown()).toEqual([])
})

it('what was taken away under the pointer holds nothing', () => {
  const first = toast('first')
  toast('second')
  holdToasts(true)
  dropToast(first)
  vi.advanceTimersByTime(6000)
  expect(shown()).toEqual([])
})
