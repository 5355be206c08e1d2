import { queryOptions } from '@tanstack/react-query'
import { api, call } from '../client'

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => call(api.GET('/api/v1/system', { signal })),
  refetchInterval: 60_000,
})
