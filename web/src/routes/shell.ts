/* The routes that all others hang from, and the schemas of what stands in an address. */
import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import * as v from 'valibot'
import { RouteProblem } from '@/components/route-problem'
import { loadTexts } from '@/lib/i18n'
import { signedIn } from './guards'
import { Root } from './root'

export const day = v.pipe(v.string(), v.isoDate())
/* "?q=1234" is read as a number by the router. */
export const words = v.pipe(v.union([v.string(), v.number()]), v.transform(String))
export const maybe = <T extends v.GenericSchema>(schema: T) =>
  v.optional(v.fallback(v.optional(schema), undefined))

export const rootRoute = createRootRoute({
  component: Root,
  errorComponent: RouteProblem,
  notFoundComponent: lazyRouteComponent(() => import('./not-found'), 'NotFound'),
})

export const shell = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    const [me] = await Promise.all([signedIn(location.href), loadTexts('inside')])
    return { me }
  },
  component: lazyRouteComponent(() => import('../features/shell/shell'), 'Shell'),
})
