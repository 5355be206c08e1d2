/* A hand mark against a fetch of the register that was under way when it was made. */
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { beforeEach, expect, it, vi } from 'vitest'
import { keys, putRecord } from '@/api/live'
import { useMark } from '@/api/queries/attendance'
import { registerQuery } from '@/api/queries/sessions'
import { queryClient } from '@/api/query-client'
import type { Register } from '@/api/types'
import { record, session } from './fixtures'

type Asked = { method: string; answer: (body: unknown, status?: number) => void }
let asked: Asked[] = []

const before = (): Register => ({ session: session(), records: [record(1), record(2)] })
const marked = record(1, { status: 'late', method: 'manual', version: 2 })
const shown = () =>
  queryClient.getQueryData<Register>(keys.register(1))?.records.map((r) => r.status)
const waiting = async (method: string, n = 1) => {
  await waitFor(() => expect(asked.filter((a) => a.method === method)).toHaveLength(n))
  return asked.filter((a) => a.method === method)[n - 1] as Asked
}

beforeEach(() => {
  queryClient.clear()
  queryClient.setQueryData(keys.register(1), before())
  asked = []
  vi.stubGlobal('fetch', (request: Request) => {
    return new Promise<Response>((resolve, reject) => {
      request.signal.addEventListener('abort', () =>
        reject(new DOMException('aborted', 'AbortError')),
      )
      asked.push({
        method: request.method,
        answer: (body, status = 200) =>
          resolve(
            new Response(JSON.stringify(body), {
              status,
              headers: { 'Content-Type': 'application/json' },
            }),
          ),
      })
    })
  })
})

function page() {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  )
  return renderHook(() => ({ register: useQuery(registerQuery(1)), mark: useMark(1) }), { wrapper })
    .result
}

it('shows a mark at once, and a fetch from before it does not take it away', async () => {
  const hooks = page()
  void queryClient.invalidateQueries({ queryKey: keys.register(1) })
  const stale = await waiting('GET')
  act(() => hooks.current.mark.mutate({ studentId: 1, status: 'late' }))
  const put = await waiting('PUT')
  expect(shown()).toEqual(['late', 'unmarked'])
  await act(async () => stale.answer(before()))
  expect(shown()).toEqual(['late', 'unmarked'])

  /* What the fetch was for is asked again when the mark is in. */
  await act(async () => put.answer(marked))
  const again = await waiting('GET', 2)
  await act(async () => again.answer({ session: session(), records: [marked, record(2)] }))
  expect(shown()).toEqual(['late', 'unmarked'])
  expect(asked).toHaveLength(3)
})

it('takes a refused mark back and asks for the register', async () => {
  const hooks = page()
  act(() => hooks.current.mark.mutate({ studentId: 2, status: 'present' }))
  const put = await waiting('PUT')
  expect(shown()).toEqual(['unmarked', 'present'])
  await act(async () => put.answer({ type: '/errors/session-locked', status: 409 }, 409))
  await waiting('GET')
  expect(shown()).toEqual(['unmarked', 'unmarked'])
})

it('keeps a mark that came while the register was on its way', async () => {
  page()
  void queryClient.invalidateQueries({ queryKey: keys.register(1) })
  const stale = await waiting('GET')
  act(() => putRecord(marked))
  const others = {
    session: session({ version: 2 }),
    records: [record(1), record(2, { version: 3 })],
  }
  await act(async () => stale.answer(others))
  await waitFor(() =>
    expect(queryClient.getQueryData<Register>(keys.register(1))?.session.version).toBe(2),
  )
  expect(shown()).toEqual(['late', 'unmarked'])
  expect(queryClient.getQueryData<Register>(keys.register(1))?.session.late).toBe(1)
})
