/* The rotating code: shown on the projector, scanned by a student, of no use later; the register of a
 * class of its own, filled from a list and printed. */
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import path from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { axe, expect, school, send, settled, shot, test } from './fixtures'

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

const SLOT_MS = 15_000
const SECRET_OF = `import sqlite3, sys
[[secret]] = sqlite3.connect(sys.argv[1]).execute(
    "SELECT secret FROM session_secret WHERE session_id = ?", (sys.argv[2],))
print(secret.hex())`

/* The code that the wall showed two slots ago (src/check_in/code.c), without the wait for it; of a server
 * elsewhere, whose secrets are not to be had, the code of now when it is over. */
async function oldCode(page: Page, session: number, now: string): Promise<string> {
  const { data } = school()
  if (data === undefined) {
    await page.waitForTimeout(2 * SLOT_MS)
    return now
  }
  const db = path.join(data, 'smartpresence.db')
  const secret = execFileSync('/usr/bin/python3', ['-c', SECRET_OF, db, String(session)])
  const numbers = Buffer.alloc(16)
  numbers.writeBigInt64BE(BigInt(session), 0)
  numbers.writeBigInt64BE(BigInt(Math.floor(Date.now() / SLOT_MS) - 2), 8)
  const mac = createHmac('sha256', Buffer.from(String(secret).trim(), 'hex'))
    .update('code\0')
    .update(numbers)
    .digest()
  return Buffer.concat([Buffer.of(1), numbers, mac.subarray(0, 16)]).toString('base64url')
}

/* On paper: the register alone, over the whole sheet, dark on white whatever the screen is. */
async function printed(page: Page, name: string) {
  await page.emulateMedia({ media: 'print' })
  for (const width of [794, 1440]) {
    await page.setViewportSize({ width, height: 1123 })
    const table = await page.getByRole('table').boundingBox()
    expect(table?.width, `the table on ${width} pixels`).toBeGreaterThan(width * 0.85)
  }
  await expect(page.getByRole('navigation')).toHaveCount(0)
  await expect(page.getByRole('button', { name: /:/ })).toHaveCount(0)
  const inks = await page.evaluate(() => [
    getComputedStyle(document.body).color,
    getComputedStyle(document.querySelector('table th') as Element).color,
  ])
  for (const ink of inks) {
    const [r = 255, g = 255, b = 255] = ink.match(/\d+/g)?.map(Number) ?? []
    expect(r + g + b, `${ink} is dark`).toBeLessThan(300)
  }
  await shot(page, `print-${name}`)
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1)
  await page.emulateMedia({ media: 'screen' })
}

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
  let url = await urlOf(screen)
  expect(url).toContain('/check-in/code#')
  let token = url.split('#')[1] ?? ''
  await page.goto(`/check-in/code#${token}`)
  await expect(page).toHaveURL(/\/login/)
  expect(page.url()).not.toContain(token)
  await logIn(page, first)
  const counted = page.locator('[data-intake="counted"]')
  const over = page.getByText('This code is over. Take the one that is shown now.')
  await expect(counted.or(over)).toBeVisible()
  /* Whoever took so long to sign in scans again. */
  for (let i = 0; i < 5 && (await over.isVisible()); i++) {
    url = await urlOf(screen)
    token = url.split('#')[1] ?? ''
    await page.goto('/check-in')
    await page.goto(`/check-in/code#${token}`)
    await expect(counted.or(over)).toBeVisible()
  }
  await expect(counted).toBeVisible()
  await axe(page, 'checked in')
  await shot(page, 'code-checked-in', false)
  await expect(screen.locator('[data-came="1"]')).toBeVisible()

  /* The same code again, then the PIN by somebody else. */
  await page.goto(`/check-in/code#${token}`)
  await expect(page.getByText('You were checked in already')).toBeVisible()
  await page.goto(`/check-in/code#${await oldCode(page, session.id, token)}`)
  await expect(over).toBeVisible()
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
    if (lang === 'ar') {
      await screen.goto(`/sessions/${session.id}`)
      await settled(screen)
      await printed(screen, lang)
    }
  })
}

test('a register is filled from a list and printed; closed it shows no code', async ({
  as,
  allow,
}) => {
  allow(/409|422/)
  const admin = await as('admin')
  const { session, students } = await classOf(admin, 1)
  const stem = session.module_name.replace('Codes ', '')
  await admin.goto(`/sessions/${session.id}`)
  await admin.getByRole('button', { name: 'From a list' }).click()
  const dialog = admin.getByRole('dialog')
  const give = (text: string) =>
    dialog
      .getByLabel('List')
      .setInputFiles({ name: 'l.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await give('name;number\nSam;1\n')
  await expect(dialog.getByText(/^The first line must name student_number/)).toBeVisible()
  await give(`student_number,status,note\n${stem}-0,late,train\nX-9,present,\n${stem}-0,blue,\n`)
  const found = dialog.getByRole('region', { name: 'What the list would do' })
  await expect(found.getByText('1 good line')).toBeVisible()
  await expect(found.getByText('Nobody in this session has this number.')).toBeVisible()
  await expect(found.getByText('Line 4')).toBeVisible()
  await axe(admin, 'a list of marks')
  await shot(admin, 'list-of-marks', false)
  const mark = admin.getByRole('row', { name: students[0]?.name ?? '' }).locator('[data-status]')
  await expect(mark.first()).toHaveAttribute('data-status', 'unmarked')
  await dialog.getByRole('button', { name: 'Take the good line' }).click()
  await expect(mark.first()).toHaveAttribute('data-status', 'late')
  await expect(dialog).toHaveCount(0)
  await printed(admin, 'en')

  await admin.getByRole('link', { name: 'Show the code' }).click()
  await expect(admin.locator('[data-pin]')).toBeVisible()
  const answer = await send(admin, 'POST', `/api/v1/sessions/${session.id}/close`)
  expect(answer.status()).toBe(200)
  await admin.goto(`/sessions/${session.id}/code`)
  await expect(admin.getByText('The register of this session is not open.')).toBeVisible()
  await expect(admin.locator('[data-pin]')).toHaveCount(0)
})
