/* Calendars by secret address: one's own, made and taken back. */
import { queryOptions } from '@tanstack/react-query'
import { api, call } from '@/api/client'
import type { components } from '@/api/schema.gen'
import { useChange } from './change'

export type Feed = components['schemas']['calendar_feed']
export type MadeFeed = components['schemas']['calendar_feed_made']
export type NewFeed = components['schemas']['calendar_feed_new']

const KEY = ['calendar-feeds']

export const feedsQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) =>
    call(api.GET('/api/v1/calendar-feeds', { params: { query: { limit: 50 } }, signal })),
})

const TOUCHED = [KEY]

export const useAddFeed = () =>
  useChange(TOUCHED, (body: NewFeed) =>
    call<MadeFeed>(api.POST('/api/v1/calendar-feeds', { body })),
  )

export const useRevokeFeed = () =>
  useChange(TOUCHED, (id: number) =>
    call(api.DELETE('/api/v1/calendar-feeds/{feed_id}', { params: { path: { feed_id: id } } })),
  )
