/* Everything behind the door. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { queryClient } from '@/api/query-client'
import { router } from '@/router'
import { mount } from './mount'

export function School() {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}

/* Gets a page ready before the school is shown. */
export async function go(address: string) {
  router.history.push(address)
  await router.load()
}

export function start() {
  /* The page's code and the caller's profile come while the texts are on their way. */
  void router.load()
  for (const match of router.matchRoutes(router.latestLocation)) {
    void router.loadRouteChunk(router.routesById[match.routeId as keyof typeof router.routesById])
  }
  return mount(<School />)
}
