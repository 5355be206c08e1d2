/* What a school lays down by its pages: holidays, days of a series, reasons; what its readers sent. */
import type { Page } from '@playwright/test'
import { axe, expect, get, send, settled, shot, test } from './fixtures'
import { BASE_URL } from './paths'

/* Far from the demo's lessons and from the weeks of other tests. */
const FIRST = '2037-02-02'
const event = (uid: string, name: string, start: string) =>
  `BEGIN:VEVENT\r\nUID:${uid}\r\nDTSTART;VALUE=DATE:${start}\r\nSUMMARY:${name}\r\nEND:VEVENT\r\n`
/* Holidays are looked for five years ahead at the most. */
const YEAR = new Date().getUTCFullYear() + 2
const CALENDAR = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n${event('may', 'Labour day', `${YEAR}0501`)}${event('eid', 'عيد الأضحى', `${YEAR}0516`)}${event('eid', 'The same again', `${YEAR}0517`)}END:VCALENDAR\r\n`

async function holidays(page: Page) {
  await page.goto('/holidays')
  await expect(page.getByText('No holidays')).toBeVisible()
  await page.getByRole('button', { name: 'Import a calendar' }).click()
  const dialog = page.getByRole('dialog')
  const file = { name: 'h.ics', mimeType: 'text/calendar', buffer: Buffer.from('no calendar') }
  await dialog.getByLabel('Calendar file').setInputFiles(file)
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('Calendar file').setInputFiles({ ...file, buffer: Buffer.from(CALENDAR) })
  const found = dialog.getByRole('region', { name: 'What is in the file' })
  await expect(found.getByText('New 2')).toBeVisible()
  await expect(found.getByText('It is in the file twice.')).toBeVisible()
  await axe(page, 'holidays: dry run')
  await shot(page, 'holidays-import', false)
  expect((await get<{ items: unknown[] }>(page, '/api/v1/holidays')).items).toEqual([])
  await dialog.getByRole('button', { name: 'Take over 2 entries' }).click()
  await expect(page.getByText('عيد الأضحى')).toBeVisible()

  /* A day on which something is planned: it stays until it is said that it shall not. */
  await page.getByRole('button', { name: 'Add holidays' }).click()
  await dialog.getByLabel('Name').fill('Snow')
  await dialog.getByLabel('First day').fill('2037-02-04')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('1 lesson is planned on these days.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Leave them as they are' }).click()
  await page.getByRole('button', { name: 'Remove: Snow' }).click()
  await expect(page.getByText('Snow', { exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Snow', { exact: true })).toBeVisible()
}

async function series(page: Page, id: number) {
  await page.goto('/series')
  await page.locator(`a[href="/series/${id}"]`).click()
  const day = (name: string) => page.locator(`[data-day="2037-02-${name}"]`)
  await expect(page.locator('[data-day]')).toHaveCount(4)
  await day('04')
    .getByRole('button', { name: /^Leave out/ })
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('Painting')
  await dialog.getByRole('button', { name: 'Leave out', exact: true }).click()
  await expect(day('04').getByText('Left out', { exact: true })).toBeVisible()
  await expect(day('04').getByText('Painting')).toBeVisible()

  await day('11').getByRole('button', { name: /^Move/ }).click()
  await dialog.getByLabel('Day').fill('2037-02-12')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(day('11').getByText('changed by itself')).toBeVisible()
  await expect(day('11').getByText(/Thu, Feb 12/)).toBeVisible()
  await shot(page, 'series')

  await day('04')
    .getByRole('button', { name: /^Give back/ })
    .click()
  await expect(day('04').locator('[data-state="scheduled"]')).toBeVisible()
}

async function reasons(page: Page) {
  await page.goto('/absence-reasons')
  await page.getByRole('button', { name: 'Add a reason' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('In English').fill('Exam elsewhere')
  await dialog.getByLabel('In French').fill('Examen ailleurs')
  await dialog.getByLabel('In Arabic').fill('امتحان في مكان آخر')
  await dialog.getByLabel('Short name').fill('illness')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Another entry already uses this.')).toBeVisible()
  await axe(page, 'a reason')
  await dialog.getByLabel('Short name').fill('exam')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Archive: Exam elsewhere' }).click()
  await expect(page.getByText('Exam elsewhere', { exact: true })).toHaveCount(0)
  await page.getByLabel('Archived ones').check()
  await expect(page.getByText('Exam elsewhere', { exact: true })).toBeVisible()
}

/* A reader of its own sends what it read; it is taken back afterwards. */
async function punches(page: Page) {
  const rooms = await get<{ items: { id: number }[] }>(page, '/api/v1/rooms?limit=1')
  const made = await send(page, 'POST', '/api/v1/devices', {
    kind: 'reader',
    name: 'Gate',
    room_id: rooms.items[0]?.id,
  })
  const { id, token } = (await made.json()) as { id: number; token: string }
  const sent = await fetch(`${BASE_URL}/api/v1/punches`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `punch-${id}`,
    },
    body: JSON.stringify({
      punches: [{ identifier: 'NOBODY-1', at: new Date().toISOString(), direction: 'in' }],
    }),
  })
  expect(sent.status, await sent.text()).toBe(200)
  await page.goto('/devices')
  await page.getByRole('link', { name: 'Readings' }).click()
  const row = page.locator('[data-punch="NOBODY-1"]')
  await expect(row.getByText('Nobody has this number')).toBeVisible()
  await page.getByLabel('What became of it').selectOption('counted')
  await expect(row).toHaveCount(0)
  await expect(page).toHaveURL(/outcome=counted/)
  expect((await send(page, 'DELETE', `/api/v1/devices/${id}`)).ok()).toBe(true)
}

test('an admin plans holidays, days of a series and reasons, and sees what readers sent', async ({
  as,
  allow,
}) => {
  allow(/status of (409|422)/)
  const page = await as('admin')
  const first = async (name: string) =>
    (await get<{ items: { id: number }[] }>(page, `/api/v1/${name}?limit=1`)).items[0]?.id
  const answer = await send(page, 'POST', '/api/v1/series', {
    module_id: await first('modules'),
    trainer_id: await first('trainers'),
    group_ids: [await first('groups')],
    kind: 'course',
    mode: 'in_person',
    first_day: FIRST,
    last_day: '2037-02-13',
    weekdays: ['mo', 'we'],
    starts_min: 540,
    duration_min: 90,
  })
  const made = (await answer.json()) as { id: number }
  expect(answer.status()).toBe(201)
  await holidays(page)
  await series(page, made.id)
  await reasons(page)
  await punches(page)

  /* All of it in Arabic, in the dark, on a telephone; light and wide are in the dialogs above. */
  const phone = await as('admin', { lang: 'ar', theme: 'dark' }, { width: 360, height: 740 })
  for (const path of [
    '/holidays',
    '/series',
    `/series/${made.id}`,
    '/absence-reasons',
    '/punches',
  ]) {
    await phone.goto(path)
    await settled(phone)
    const over = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect.soft(over, `${path} is too wide`).toBeLessThanOrEqual(0)
    await axe(phone, `${path} in Arabic`)
  }
})
