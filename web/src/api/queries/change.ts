/* A change on the server, after which whatever it touches is asked for again. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'

type More<T> = {
  onSuccess?: (made: T) => void
  /* Done when the server has answered: for a change that takes away the place it is made from. */
  atOnce?: boolean
}

/* Done, unless `atOnce`, when what it touches is there anew: no button is offered on what is stale. */
export function useChange<A, T>(
  touched: readonly QueryKey[],
  run: (arg: A) => Promise<T>,
  { onSuccess, atOnce = false }: More<T> = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    ...(onSuccess ? { onSuccess } : {}),
    onSettled: () => {
      const asked = touched.map((queryKey) => client.invalidateQueries({ queryKey }))
      return atOnce ? undefined : Promise.all(asked)
    },
  })
}
