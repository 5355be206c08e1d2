/* Signing in, and a watch over every page: no console error, no broken content policy, no crash. */
import fs from 'node:fs'
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { BASE_URL, NOTES, RESULTS } from './paths'
import type { School } from './school'

export { expect } from '@playwright/test'

export type Role = 'admin' | 'trainer' | 'student'
/* Somebody of the demo school, or an account that the test made. */
export type Who = Role | { email: string; password: string }
type Look = { lang?: 'en' | 'fr' | 'ar'; theme?: 'light' | 'dark' }

/* Complaints of the browser that a test provokes on purpose, such as a refused login. */
type Watch = { complaints: string[]; allowed: RegExp[] }

export const school = (): School => JSON.parse(fs.readFileSync(NOTES, 'utf8')) as School

function watchPage(page: Page, watch: Watch) {
  page.on('console', (m) => {
    if (m.type() === 'error') watch.complaints.push(`${page.url()}: ${m.text()}`)
  })
  page.on('pageerror', (e) => watch.complaints.push(`${page.url()}: ${e.message}`))
}

async function watchContext(context: BrowserContext, watch: Watch) {
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => {
      // biome-ignore lint/suspicious/noConsole: the watch over the console reads it
      console.error(
        `content policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`,
      )
    })
  })
  context.on('page', (page) => watchPage(page, watch))
}

type Fixtures = {
  watch: Watch
  allow: (pattern: RegExp) => void
  /* A page of a new browser context in which somebody is signed in. */
  as: (who: Who, look?: Look, viewport?: { width: number; height: number }) => Promise<Page>
}

export const test = base.extend<Fixtures>({
  watch: [
    async ({ context }, use) => {
      const watch: Watch = { complaints: [], allowed: [] }
      await watchContext(context, watch)
      await use(watch)
      const left = watch.complaints.filter((c) => !watch.allowed.some((a) => a.test(c)))
      expect(left, 'complaints of the browser').toEqual([])
    },
    { auto: true },
  ],
  allow: async ({ watch }, use) => {
    await use((pattern) => watch.allowed.push(pattern))
  },
  as: async ({ browser, watch }, use) => {
    const made: BrowserContext[] = []
    await use(async (who, look = {}, viewport) => {
      const context = await browser.newContext({
        baseURL: BASE_URL,
        permissions: ['camera'],
        timezoneId: 'UTC',
        locale: 'en-GB',
        viewport: viewport ?? { width: 1440, height: 900 },
      })
      made.push(context)
      await watchContext(context, watch)
      await signIn(context, who)
      await dress(context, look)
      return context.newPage()
    })
    for (const context of made) await context.close()
  },
})

async function signIn(context: BrowserContext, who: Who) {
  const { password, ...people } = school()
  const data = typeof who === 'string' ? { email: people[who], password } : who
  const answer = await context.request.post('/api/v1/auth/login', { data })
  expect(answer.status(), await answer.text()).toBe(200)
}

async function dress(context: BrowserContext, { lang = 'en', theme = 'light' }: Look) {
  await context.addInitScript(
    (state) => {
      if (location.protocol !== 'about:' && !localStorage.getItem('sp-ui')) {
        localStorage.setItem('sp-ui', JSON.stringify({ state, version: 0 }))
      }
    },
    { lang, theme, langPicked: true },
  )
}

/* A request of the signed-in person, as the page would send it. */
export async function send(page: Page, method: string, url: string, data?: unknown) {
  const cookies = await page.context().cookies()
  const csrf = decodeURIComponent(cookies.find((c) => c.name === 'sp_csrf')?.value ?? '')
  const headers: Record<string, string> = { 'X-CSRF-Token': csrf, Origin: BASE_URL }
  if (method === 'POST') headers['Idempotency-Key'] = `${Date.now()}-${Math.random()}`
  return page.request.fetch(url, { method, headers, ...(data === undefined ? {} : { data }) })
}

export async function get<T>(page: Page, url: string): Promise<T> {
  const answer = await page.request.get(url)
  expect(answer.status(), `${url}: ${await answer.text()}`).toBe(200)
  return (await answer.json()) as T
}

export type SessionRow = { id: number; state: string; module_name: string; starts_at: string }
export type RecordRow = {
  student_id: number
  student_name: string
  status: string
  method: string | null
}

/* The trainer's session of today in which the demo's face is expected. */
export async function todaysSession(page: Page): Promise<SessionRow> {
  const day = 24 * 3600_000
  const from = new Date(Date.now() - day).toISOString()
  const to = new Date(Date.now() + day).toISOString()
  const { items } = await get<{ items: SessionRow[] }>(
    page,
    `/api/v1/sessions?from=${from}&to=${to}`,
  )
  const wanted = items.filter(
    (s) => s.module_name === school().course && /^(scheduled|open)$/.test(s.state),
  )
  const now = Date.now()
  const near = wanted.toSorted(
    (a, b) => Math.abs(Date.parse(a.starts_at) - now) - Math.abs(Date.parse(b.starts_at) - now),
  )[0]
  if (!near) throw new Error(`no session "${school().course}" near now`)
  return near
}

export async function openedSession(page: Page): Promise<SessionRow> {
  const session = await todaysSession(page)
  if (session.state !== 'open') {
    const answer = await send(page, 'POST', `/api/v1/sessions/${session.id}/open`)
    expect(answer.status(), await answer.text()).toBe(200)
  }
  return session
}

export async function axe(page: Page, name: string) {
  /* Half-way through a change of colour there is little contrast. */
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((a) => a.effect?.getComputedTiming().iterations !== Infinity)
        .map((a) => a.finished),
    ),
  )
  /* The pages have no frames: one run in the page itself takes half the time of one for each frame. */
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(
    (v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`,
  )
  expect.soft(found, `axe on ${name}`).toEqual([])
}

export async function shot(page: Page, name: string, fullPage = true) {
  await page.screenshot({ path: path.join(RESULTS, 'shots', `${name}.png`), fullPage })
}

/* The page has asked for all it needs and has shown it. */
export async function settled(page: Page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await expect(page.locator('.animate-pulse')).toHaveCount(0)
}
