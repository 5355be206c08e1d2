/* How many there are, by walking the pages; ends early and says so when there are very many. */
import { queryOptions } from '@tanstack/react-query'
import { api, call } from '../client'
import type { Page } from '../types'

export type Tally = { n: number; more: boolean }

const PAGE = 200
const MOST_PAGES = 10

export async function tally(
  page: (cursor: string | undefined) => Promise<Page<unknown>>,
): Promise<Tally> {
  let n = 0
  let cursor: string | undefined
  for (let i = 0; i < MOST_PAGES; i++) {
    const answer = await page(cursor)
    n += answer.items.length
    if (!answer.next_cursor) return { n, more: false }
    cursor = answer.next_cursor
  }
  return { n, more: true }
}

const withCursor = (cursor: string | undefined) => ({
  limit: PAGE,
  ...(cursor ? { cursor } : {}),
})

const PAGES = {
  students: (cursor: string | undefined) =>
    call(api.GET('/api/v1/students', { params: { query: withCursor(cursor) } })),
  enrolled: (cursor: string | undefined) =>
    call(
      api.GET('/api/v1/students', { params: { query: { ...withCursor(cursor), enrolled: true } } }),
    ),
  trainers: (cursor: string | undefined) =>
    call(api.GET('/api/v1/trainers', { params: { query: withCursor(cursor) } })),
}

export const countQuery = (what: keyof typeof PAGES) =>
  queryOptions({
    queryKey: [what === 'trainers' ? 'trainers' : 'students', 'count', what],
    queryFn: () => tally(PAGES[what]),
  })
