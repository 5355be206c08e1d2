/* "All present but …" while the server's events and answers come in any order. */
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { keys, putRecord } from '@/api/live'
import { registerQuery } from '@/api/queries/sessions'
import { queryClient } from '@/api/query-client'
import { MarkRest } from '@/features/register/mark-rest'
import { dropToasts, useToasts } from '@/lib/toast'
import { record, session } from './fixtures'

type Asked = { request: Request; answer: (body: unknown, status?: number) => void }
let asked: Asked[] = []

const present = (id: number) => record(id, { status: 'present', method: 'manual', version: 2 })
const waiting = async (path: RegExp) => {
  const of = () => asked.find((a) => path.test(new URL(a.request.url).pathname))
  await waitFor(() => expect(of()).toBeDefined())
  return of() as Asked
}

function Page() {
  const register = useQuery(registerQuery(1))
  return register.data ? <MarkRest sessionId={1} records={register.data.records} /> : null
}

beforeEach(() => {
  dropToasts()
  queryClient.clear()
  queryClient.setQueryData(keys.register(1), {
    session: session(),
    records: [record(1), record(2), record(3)],
  })
  asked = []
  vi.stubGlobal('fetch', (request: Request) => {
    return new Promise<Response>((resolve) => {
      const headers = { 'Content-Type': 'application/json' }
      asked.push({
        request,
        answer: (body, status = 200) =>
          resolve(new Response(JSON.stringify(body), { status, headers })),
      })
    })
  })
  render(
    <QueryClientProvider client={queryClient}>
      <Page />
    </QueryClientProvider>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Mark the rest' }))
})

it('offers to undo, also when the events were quicker than the answer', async () => {
  fireEvent.click(screen.getByRole('button', { name: 'Mark 3 present' }))
  const bulk = await waiting(/bulk$/)
  await act(async () => [1, 2, 3].forEach((id) => void putRecord(present(id))))
  await waitFor(() => expect(screen.queryAllByRole('checkbox')).toHaveLength(0))
  const items = [1, 2, 3].map((student_id) => ({ student_id, outcome: 'changed' }))
  await act(async () => bulk.answer({ items, changed: 3 }))
  const register = await waiting(/register$/)
  const records = [1, 2, 3].map(present)
  await act(async () => register.answer({ session: session(), records }))
  await waitFor(() => expect(useToasts.getState().items).toHaveLength(1))
  expect(screen.queryByRole('dialog')).toBeNull()

  useToasts.getState().items[0]?.action?.run()
  const undo = await waiting(/undo$/)
  await act(async () => undo.answer({ type: '/problems/session-state', status: 409 }, 409))
  await waitFor(() => expect(useToasts.getState().items.map((t) => t.tone)).toEqual(['ok', 'bad']))
})

it('leaves out only who is still without a mark', async () => {
  fireEvent.click(screen.getByRole('checkbox', { name: 'Student 1' }))
  fireEvent.click(screen.getByRole('checkbox', { name: 'Student 2' }))
  await act(async () => putRecord(present(1)))
  fireEvent.click(await screen.findByRole('button', { name: 'Mark 1 present' }))
  const bulk = await waiting(/bulk$/)
  expect(await bulk.request.json()).toMatchObject({ all_but: [2], only_unmarked: true })
})
