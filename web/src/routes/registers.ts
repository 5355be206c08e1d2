/* Registers: one, its photo, those that nobody took, and what waits for a person. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import * as v from 'valibot'
import { loadTexts } from '@/lib/i18n'
import { maybe, shell } from './shell'

export const register = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$sessionId',
  params: {
    parse: (p) => ({ sessionId: Number(p.sessionId) }),
    stringify: (p) => ({ sessionId: String(p.sessionId) }),
  },
  validateSearch: v.object({
    status: maybe(
      v.picklist([
        'present',
        'late',
        'partial',
        'left_early',
        'remote',
        'absent',
        'excused',
        'unmarked',
      ]),
    ),
    order: maybe(v.literal('latest')),
  }),
  beforeLoad: () => loadTexts('registers'),
  component: lazyRouteComponent(() => import('../features/register/register-page'), 'RegisterPage'),
})

export const history = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$sessionId/history',
  params: {
    parse: (p) => ({ sessionId: Number(p.sessionId) }),
    stringify: (p) => ({ sessionId: String(p.sessionId) }),
  },
  beforeLoad: () => loadTexts('history'),
  component: lazyRouteComponent(() => import('../features/register/history-page'), 'HistoryPage'),
})

export const classPhoto = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$sessionId/photo',
  params: {
    parse: (p) => ({ sessionId: Number(p.sessionId) }),
    stringify: (p) => ({ sessionId: String(p.sessionId) }),
  },
  validateSearch: v.object({ proposal: maybe(v.number()) }),
  beforeLoad: () => loadTexts('faces'),
  component: lazyRouteComponent(
    () => import('../features/class-photo/class-photo-page'),
    'ClassPhotoPage',
  ),
})

export const registers = createRoute({
  getParentRoute: () => shell,
  path: '/registers',
  beforeLoad: () => loadTexts('registers'),
  component: lazyRouteComponent(() => import('../features/review/not-taken-page'), 'NotTakenPage'),
})

export const review = createRoute({
  getParentRoute: () => shell,
  path: '/review',
  validateSearch: v.object({
    tab: maybe(v.picklist(['disputes', 'signals'])),
    all: maybe(v.boolean()),
  }),
  beforeLoad: () => loadTexts('registers'),
  component: lazyRouteComponent(() => import('../features/review/review-page'), 'ReviewPage'),
})
