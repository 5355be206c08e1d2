import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import * as v from 'valibot'
import { whenSignedOut } from './api/client'
import { meQuery } from './api/queries/me'
import { queryClient } from './api/query-client'
import { stopEvents } from './api/realtime'
import { forgetLogin } from './api/session'
import { RouteProblem } from './components/route-problem'
import { loadTexts } from './lib/i18n'
import { keepCode } from './lib/scanned-code'
import { useSignedOut } from './lib/signed-out'
import { signedIn } from './routes/guards'
import { devices, holidays, punches, reasons, series, seriesList } from './routes/planning'
import { classPhoto, history, register, registers, review } from './routes/registers'
import { day, maybe, rootRoute, shell, words } from './routes/shell'

const login = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: v.object({ next: maybe(v.pipe(v.string(), v.regex(/^\/(?!\/)/))) }),
  component: lazyRouteComponent(() => import('./features/auth/login-route'), 'LoginRoute'),
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./features/home/home-page'), 'HomePage'),
})

const sessions = createRoute({
  getParentRoute: () => shell,
  path: '/sessions',
  validateSearch: v.object({
    from: maybe(day),
    to: maybe(day),
    state: maybe(v.picklist(['scheduled', 'open', 'closed', 'confirmed', 'cancelled'])),
  }),
  component: lazyRouteComponent(() => import('./features/sessions/sessions-page'), 'SessionsPage'),
})

const students = createRoute({
  getParentRoute: () => shell,
  path: '/students',
  validateSearch: v.object({
    q: maybe(words),
    group: maybe(v.number()),
    enrolled: maybe(v.boolean()),
    archived: maybe(v.boolean()),
  }),
  component: lazyRouteComponent(() => import('./features/students/students-page'), 'StudentsPage'),
})

const student = createRoute({
  getParentRoute: () => shell,
  path: '/students/$studentId',
  params: {
    parse: (p) => ({ studentId: Number(p.studentId) }),
    stringify: (p) => ({ studentId: String(p.studentId) }),
  },
  beforeLoad: () => loadTexts('faces', 'privacy', 'registers'),
  component: lazyRouteComponent(() => import('./features/students/student-page'), 'StudentPage'),
})

const faces = createRoute({
  getParentRoute: () => shell,
  path: '/faces',
  beforeLoad: () => loadTexts('faces'),
  component: lazyRouteComponent(() => import('./features/imports/faces-page'), 'FacesPage'),
})

const presence = createRoute({
  getParentRoute: () => shell,
  path: '/presence',
  beforeLoad: () => loadTexts('presence'),
  component: lazyRouteComponent(() => import('./features/presence/presence-page'), 'PresencePage'),
})

const privacy = createRoute({
  getParentRoute: () => shell,
  path: '/privacy',
  beforeLoad: () => loadTexts('privacy'),
  component: lazyRouteComponent(() => import('./features/privacy/privacy-page'), 'PrivacyPage'),
})

const timetable = createRoute({
  getParentRoute: () => shell,
  path: '/timetable',
  validateSearch: v.object({
    week: maybe(day),
    group: maybe(v.number()),
    trainer: maybe(v.number()),
    room: maybe(v.number()),
    view: maybe(v.picklist(['list'])),
  }),
  beforeLoad: () => loadTexts('timetable'),
  component: lazyRouteComponent(
    () => import('./features/timetable/timetable-page'),
    'TimetablePage',
  ),
})

const reports = createRoute({
  getParentRoute: () => shell,
  path: '/reports',
  validateSearch: v.object({ group: maybe(v.number()) }),
  beforeLoad: () => loadTexts('figures'),
  component: lazyRouteComponent(() => import('./features/figures/reports-page'), 'ReportsPage'),
})

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: v.object({ state: maybe(v.string()) }),
  beforeLoad: () => loadTexts('figures'),
  component: lazyRouteComponent(() => import('./features/figures/alerts-page'), 'AlertsPage'),
})

const papers = createRoute({
  getParentRoute: () => shell,
  path: '/justifications',
  validateSearch: v.object({ state: maybe(v.string()) }),
  beforeLoad: () => loadTexts('papers'),
  component: lazyRouteComponent(() => import('./features/papers/papers-page'), 'PapersPage'),
})

const paper = createRoute({
  getParentRoute: () => shell,
  path: '/justifications/$justificationId',
  params: {
    parse: (p) => ({ justificationId: Number(p.justificationId) }),
    stringify: (p) => ({ justificationId: String(p.justificationId) }),
  },
  beforeLoad: () => loadTexts('papers'),
  component: lazyRouteComponent(() => import('./features/papers/paper-page'), 'PaperPage'),
})

const recognition = createRoute({
  getParentRoute: () => shell,
  path: '/recognition',
  beforeLoad: () => loadTexts('faces'),
  component: lazyRouteComponent(
    () => import('./features/recognition/recognition-page'),
    'RecognitionPage',
  ),
})

const manage = createRoute({
  getParentRoute: () => shell,
  path: '/manage/$kind',
  params: {
    parse: (p) => ({
      kind: v.parse(
        v.picklist(['programmes', 'modules', 'groups', 'rooms', 'trainers', 'users']),
        p.kind,
      ),
    }),
  },
  validateSearch: v.object({ q: maybe(words), archived: maybe(v.boolean()) }),
  beforeLoad: () => loadTexts('people'),
  component: lazyRouteComponent(() => import('./features/manage/manage-page'), 'ManagePage'),
})

const checkIn = createRoute({
  getParentRoute: () => shell,
  path: '/check-in/$sessionId',
  params: {
    parse: (p) => ({ sessionId: Number(p.sessionId) }),
    stringify: (p) => ({ sessionId: String(p.sessionId) }),
  },
  beforeLoad: () => loadTexts('faces', 'checkin'),
  component: lazyRouteComponent(() => import('./features/liveness/check-in-page'), 'CheckInPage'),
})

/* A code that was scanned: its token leaves the address before anybody signs in. */
const scannedCode = createRoute({
  getParentRoute: () => rootRoute,
  path: '/check-in/code',
  beforeLoad: ({ location }) => {
    keepCode(location.hash)
    throw redirect({ to: '/check-in', replace: true })
  },
})

const checkInCode = createRoute({
  getParentRoute: () => shell,
  path: '/check-in',
  beforeLoad: () => loadTexts('checkin'),
  component: lazyRouteComponent(() => import('./features/check-in/code-page'), 'CodePage'),
})

/* For the projector, without the shell. */
const codeScreen = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions/$sessionId/code',
  params: {
    parse: (p) => ({ sessionId: Number(p.sessionId) }),
    stringify: (p) => ({ sessionId: String(p.sessionId) }),
  },
  beforeLoad: async ({ location }) => {
    await Promise.all([signedIn(location.href), loadTexts('inside', 'checkin')])
  },
  component: lazyRouteComponent(
    () => import('./features/check-in/code-screen-page'),
    'CodeScreenPage',
  ),
})

const liveness = createRoute({
  getParentRoute: () => shell,
  path: '/liveness',
  beforeLoad: () => loadTexts('faces'),
  component: lazyRouteComponent(() => import('./features/liveness/policy-page'), 'PolicyPage'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  beforeLoad: () => loadTexts('people', 'privacy'),
  component: lazyRouteComponent(() => import('./features/account/account-page'), 'AccountPage'),
})

/* Nobody is signed in there, a device is: an application of its own. */
const kiosk = createRoute({
  getParentRoute: () => rootRoute,
  path: '/kiosk',
  beforeLoad: () => {
    throw redirect({ href: '/kiosk', reloadDocument: true })
  },
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    login,
    kiosk,
    scannedCode,
    codeScreen,
    shell.addChildren([
      home,
      sessions,
      register,
      history,
      classPhoto,
      students,
      student,
      faces,
      checkIn,
      checkInCode,
      liveness,
      recognition,
      registers,
      review,
      manage,
      devices,
      account,
      presence,
      privacy,
      reports,
      alerts,
      papers,
      timetable,
      holidays,
      seriesList,
      series,
      reasons,
      punches,
      paper,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteProblem,
  scrollRestoration: true,
})

whenSignedOut(() => {
  stopEvents()
  forgetLogin()
  const was = queryClient.getQueryData(meQuery.queryKey)
  if (was) {
    useSignedOut.setState({ was })
    return
  }
  queryClient.clear()
  void router.navigate({ to: '/login', search: { next: location.pathname + location.search } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
