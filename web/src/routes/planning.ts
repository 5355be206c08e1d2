/* What the school lays down beforehand: holidays, weekly series, reasons for absences; its devices. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import * as v from 'valibot'
import { loadTexts } from '@/lib/i18n'
import { maybe, shell } from './shell'

export const holidays = createRoute({
  getParentRoute: () => shell,
  path: '/holidays',
  validateSearch: v.object({ all: maybe(v.boolean()) }),
  beforeLoad: () => loadTexts('holidays'),
  component: lazyRouteComponent(() => import('../features/holidays/holidays-page'), 'HolidaysPage'),
})

export const seriesList = createRoute({
  getParentRoute: () => shell,
  path: '/series',
  validateSearch: v.object({ group: maybe(v.number()) }),
  beforeLoad: () => loadTexts('series'),
  component: lazyRouteComponent(
    () => import('../features/timetable/series-list-page'),
    'SeriesListPage',
  ),
})

export const series = createRoute({
  getParentRoute: () => shell,
  path: '/series/$seriesId',
  params: {
    parse: (p) => ({ seriesId: Number(p.seriesId) }),
    stringify: (p) => ({ seriesId: String(p.seriesId) }),
  },
  validateSearch: v.object({ all: maybe(v.boolean()) }),
  beforeLoad: () => loadTexts('timetable', 'series'),
  component: lazyRouteComponent(() => import('../features/timetable/series-page'), 'SeriesPage'),
})

export const reasons = createRoute({
  getParentRoute: () => shell,
  path: '/absence-reasons',
  validateSearch: v.object({ archived: maybe(v.boolean()) }),
  beforeLoad: () => loadTexts('reasons'),
  component: lazyRouteComponent(() => import('../features/reasons/reasons-page'), 'ReasonsPage'),
})

export const devices = createRoute({
  getParentRoute: () => shell,
  path: '/devices',
  beforeLoad: () => loadTexts('devices'),
  component: lazyRouteComponent(() => import('../features/devices/devices-page'), 'DevicesPage'),
})

export const punches = createRoute({
  getParentRoute: () => shell,
  path: '/punches',
  validateSearch: v.object({
    outcome: maybe(
      v.picklist([
        'counted',
        'already',
        'kept',
        'locked',
        'unknown_person',
        'no_session',
        'not_open',
        'in_future',
        'too_old',
      ]),
    ),
    device: maybe(v.number()),
  }),
  beforeLoad: () => loadTexts('devices'),
  component: lazyRouteComponent(() => import('../features/devices/punches-page'), 'PunchesPage'),
})
