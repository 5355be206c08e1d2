/* The rotating code: shown on the projector, scanned by a student, of no use later. */
import type { Browser, Page } from '@playwright/test'
import { axe, expect, send, settled, shot, test } from './fixtures'

type Student = { email: string; password: string; id: number; name: string }

const PASSWORD = 'plover-Cabinet-77'
let serial = 0

/* A student of a group of its own, with a session that is open now: today's demo session stays as it is. */
async function classOf(admin: Page, n: number) {
  const stem = `code-${Date.now()}-${serial++}`
  const post = async <T>(path: string, data?: unknown): Promise<T> => {
    const answer = await send(admin, 'POST', `/api/v1/${path}`, data)
    expect(answer.ok(), await answer.text()).toBe(true)
    return (await answer.json()) as T
  }
  const programme = await post<{ id: number }>('programmes', { code: stem, name: stem })
  const of = { programme_id: programme.id }
  const group = await post<{ id: number }>('groups', { code: stem, name: stem, ...of })
  const module = await post<{ id: number }>('modules', { code: stem, name: `Codes ${stem}`, ...of })
  const trainer = await post<{ id: number }>('trainers', {
    email: `${stem}@school.example`,
    name: 'Tess Trainer',
    password: PASSWORD,
  })
  const students: Student[] = []
  for (let i = 0; i < n; i++) {
    const email = `${stem}-s${i}@school.example`
    const name = `Sam Scanner ${stem} ${i}`
    const made = await post<{ id: number }>('students', {
      student_number: `${stem}-${i}`,
      name,
      email,
      password: PASSWORD,
    })
    await post(`groups/${group.id}/students`, { student_id: made.id })
    students.push({ email, password: PASSWORD, id: made.id, name })
  }
  const session = await post<{ id: number; module_name: string }>('sessions', {
    module_id: module.id,
    trainer_id: trainer.id,
    group_ids: [group.id],
    starts_at: new Date().toISOString(),
    ends_at: new Date(Date.now() + 3600_000).toISOString(),
    kind: 'course',
    mode: 'in_person',
  })
  await post(`sessions/${session.id}/open`)
  return { session, students }
}

/* A phone on which nobody is signed in yet. */
async function phone(browser: Browser) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  return context.newPage()
}

async function logIn(page: Page, who: Student) {
  await page.getByLabel('E-mail').fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const urlOf = async (screen: Page) =>
  (await screen.locator('[data-url]').getAttribute('data-url')) ?? ''

test('the code on the wall is scanned, and the student is present at once', async ({
  as,
  browser,
  allow,
}) => {
  /* Whoever is not signed in asks who is, and the server says nobody. */
  allow(/401/)
  allow(/409|410|422/)
  const screen = await as('admin')
  const { session, students } = await classOf(screen, 2)
  const [first, second] = students as [Student, Student]
  await screen.goto(`/sessions/${session.id}/code`)
  const image = screen.getByRole('img', { name: 'QR code for checking in' })
  await expect(image).toBeVisible()
  expect(await image.evaluate((el: HTMLImageElement) => el.naturalWidth)).toBeGreaterThan(0)
  await expect(screen.locator('[data-came="0"]')).toBeVisible()
  await axe(screen, 'code on the projector')
  await shot(screen, 'code-screen', false)

  const page = await phone(browser)
  const url = await urlOf(screen)
  expect(url).toContain('/check-in/code#')
  const token = url.split('#')[1] ?? ''
  await page.goto(`/check-in/code#${token}`)
  await expect(page).toHaveURL(/\/login/)
  expect(page.url()).not.toContain(token)
  await logIn(page, first)
  await expect(page.locator('[data-intake="counted"]')).toBeVisible()
  await axe(page, 'checked in')
  await shot(page, 'code-checked-in', false)
  await expect(screen.locator('[data-came="1"]')).toBeVisible()

  /* The same code again, then the PIN by somebody else. */
  await page.goto(`/check-in/code#${token}`)
  await expect(page.getByText('You have used this code already.')).toBeVisible()
  await page.context().close()

  const other = await phone(browser)
  await other.goto('/check-in')
  await logIn(other, second)
  const pin = (await screen.locator('[data-pin]').innerText()).replaceAll(/\s/g, '')
  await other.getByLabel('PIN').fill(pin === '000000' ? '000001' : '000000')
  await other.getByRole('button', { name: 'Check in' }).click()
  await expect(other.getByText('This code or PIN is not of this session.')).toBeVisible()
  await other.getByLabel('PIN').fill(`${pin.slice(0, 3)} ${pin.slice(3)}`)
  await other.getByRole('button', { name: 'Check in' }).click()
  await expect(other.locator('[data-intake="counted"]')).toBeVisible()
  await expect(screen.locator('[data-came="2"]')).toBeVisible()
  await other.context().close()

  /* A new secret ends what was shown. */
  await screen.getByRole('button', { name: 'New secret' }).click()
  await expect.poll(() => urlOf(screen)).not.toBe(url)
})

for (const lang of ['fr', 'ar'] as const) {
  test(`both pages in ${lang}`, async ({ as }) => {
    const screen = await as('admin', { lang, theme: 'dark' })
    const { session } = await classOf(screen, 1)
    await screen.goto(`/sessions/${session.id}/code`)
    await expect(screen.locator('[data-pin]')).toBeVisible()
    await axe(screen, `code on the projector in ${lang}`)
    await shot(screen, `code-screen-${lang}`, false)
    const page = await as('student', { lang }, { width: 360, height: 740 })
    await page.goto('/check-in')
    await settled(page)
    await axe(page, `code page in ${lang}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(360)
  })
}

test('a register that is not open shows no code', async ({ as, allow }) => {
  allow(/409/)
  const admin = await as('admin')
  const { session } = await classOf(admin, 1)
  await admin.goto(`/sessions/${session.id}`)
  await admin.getByRole('link', { name: 'Show the code' }).click()
  await expect(admin.locator('[data-pin]')).toBeVisible()
  const answer = await send(admin, 'POST', `/api/v1/sessions/${session.id}/close`)
  expect(answer.status()).toBe(200)
  await admin.goto(`/sessions/${session.id}/code`)
  await expect(admin.getByText('The register of this session is not open.')).toBeVisible()
  await expect(admin.locator('[data-pin]')).toHaveCount(0)
})
