import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './problem'

const WORTH_RETRYING = new Set(['network', 'busy', 'database-unavailable'])

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      networkMode: 'always',
      retry: (times, error) =>
        times < 2 && error instanceof ApiProblem && WORTH_RETRYING.has(error.slug),
    },
    mutations: { networkMode: 'always' },
  },
})
