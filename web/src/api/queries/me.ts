import { queryOptions } from '@tanstack/react-query'
import { api, call } from '../client'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call(api.GET('/api/v1/me', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})
