import './index.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/query-client'
import { initI18n } from './lib/i18n'
import { applyTheme, useUi } from './lib/ui-store'
import { router } from './router'

applyTheme(useUi.getState().theme)
/* The page's code and the caller's profile come while the texts are on their way. */
void router.load()
for (const match of router.matchRoutes(router.latestLocation)) {
  void router.loadRouteChunk(router.routesById[match.routeId as keyof typeof router.routesById])
}
await initI18n()
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
