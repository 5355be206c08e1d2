/* A guardian's pages: the own students, their day, calendars; and where an administrator puts a room. */
import type { Page } from '@playwright/test'
import { axe, expect, get, send, shot, test } from './fixtures'

const PASSWORD = 'seven-Teal-otters'

type Student = { id: number; name: string }

/* A guardian of the first student of the demo who is in a group. */
async function makeGuardian(admin: Page) {
  const { items } = await get<{ items: Student[] }>(admin, '/api/v1/students?limit=200')
  const [ward, other] = items
  if (!ward || !other) throw new Error('the demo has no students')
  const email = `parent-${Date.now()}@mail.example`
  const answer = await send(admin, 'POST', `/api/v1/students/${ward.id}/guardians`, {
    email,
    name: 'Salma Parent',
    password: PASSWORD,
    relation: 'mother',
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return { email, ward, other }
}

test('a guardian sees the own students and subscribes to a calendar', async ({ as, allow }) => {
  allow(/404/)
  const { email, ward, other } = await makeGuardian(await as('admin'))
  const page = await as({ email, password: PASSWORD })
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Your students' })).toBeVisible()
  await expect(page.locator('aside').getByText('Guardian', { exact: true })).toBeVisible()
  await expect(page.locator('aside').getByRole('link', { name: 'Students' })).toHaveCount(0)
  await shot(page, 'guardian-home', true)
  await axe(page, 'guardian-home')
  await page.getByRole('link', { name: ward.name }).click()
  await expect(page.getByRole('heading', { level: 1, name: ward.name })).toBeVisible()
  await page.goto(`/students/${other.id}`)
  await expect(page.getByRole('alert')).toBeVisible()

  await page.goto('/account')
  await page.getByRole('button', { name: `Subscribe: ${ward.name}` }).click()
  const dialog = page.getByRole('dialog')
  const address = await dialog.locator('code').innerText()
  await axe(page, 'calendar-made')
  const calendar = await page.request.get(address)
  expect(calendar.headers()['content-type']).toContain('text/calendar')
  expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR\r\n/)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('button', { name: 'Take back' }).click()
  await expect(page.getByRole('button', { name: 'Take back' })).toHaveCount(0)
  expect((await page.request.get(address)).status()).toBe(404)
})

test('an administrator gives a student a guardian and takes one away', async ({ as }) => {
  const page = await as('admin')
  const { items } = await get<{ items: Student[] }>(page, '/api/v1/students?limit=200')
  await page.goto(`/students/${items.at(-1)?.id}`)
  await page.getByRole('button', { name: 'Add a guardian' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill(`aunt-${Date.now()}@mail.example`)
  await dialog.getByLabel('Relation').selectOption('other')
  await dialog.getByLabel('May sign').selectOption('false')
  await dialog.getByLabel('Name').fill('Aunt Amal')
  await dialog.getByLabel('Password').fill(PASSWORD)
  await axe(page, 'guardian-new')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Aunt Amal')).toBeVisible()
  await expect(page.getByText('may not sign')).toBeVisible()
  await page.getByRole('button', { name: 'Remove Aunt Amal' }).click()
  await expect(page.getByText('Aunt Amal')).toHaveCount(0)
})

test('the account page with calendars in Arabic at 360 px', async ({ as }) => {
  const page = await as('trainer', { lang: 'ar' }, { width: 360, height: 740 })
  await page.goto('/account')
  await expect(page.getByRole('heading', { name: 'التقاويم' })).toBeVisible()
  await axe(page, 'account-ar-360')
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(wide).toBeLessThanOrEqual(0)
})

test('an administrator says where a room is', async ({ as, allow }) => {
  allow(/422/)
  const page = await as('admin')
  await page.goto('/manage/rooms')
  await page.getByRole('button', { name: /^Add/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Code').fill(`W${Date.now() % 1_000_000}`)
  await dialog.getByLabel('Name').fill('Placed room')
  await dialog.getByLabel('Network').fill('nowhere')
  await dialog.getByLabel('Latitude').fill('33.5899')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('This does not look right.')).toBeVisible()
  await dialog.getByLabel('Network').fill('10.0.4.0/24')
  await dialog.getByLabel('Longitude').fill('-7,6039')
  await dialog.getByLabel('Radius in metres').fill('80')
  await axe(page, 'room-place')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  const { items } = await get<{ items: { network: string; longitude: number }[] }>(
    page,
    '/api/v1/rooms?q=Placed+room',
  )
  expect(items[0]).toMatchObject({ network: '10.0.4.0/24', longitude: -7.6039, radius_m: 80 })
})
