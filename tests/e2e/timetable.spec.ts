/* The timetable: a weekly series, a clash in words, a change of the following, a cancelled lesson, a request. */
import type { Locator, Page } from '@playwright/test'
import { axe, expect, settled, shot, test } from './fixtures'

/* Far from the demo's own lessons. */
const WEEK = '2036-03-03'

async function choose(dialog: Locator, label: string, index = 1) {
  await dialog.getByLabel(label, { exact: true }).selectOption({ index })
}

async function planned(page: Page, from: string, to: string) {
  await page.getByRole('button', { name: 'Plan a lesson' }).click()
  const dialog = page.getByRole('dialog')
  for (const label of ['Module', 'Group', 'Trainer']) await choose(dialog, label)
  await dialog.getByLabel('From').fill(from)
  await dialog.getByLabel('To', { exact: true }).fill(to)
  await dialog.getByLabel('Repeat every week').check()
  await dialog.getByLabel('Last day').fill('2036-03-31')
  await dialog.getByRole('button', { name: 'Save' }).click()
  return dialog
}

const lessons = (page: Page) =>
  page.getByRole('region', { name: 'The week by hours' }).getByRole('button')

test('an admin plans a series, changes the following, cancels one', async ({ as, allow }) => {
  allow(/status of 409/)
  const page = await as('admin')
  await page.goto(`/timetable?week=${WEEK}`)
  await expect(page.getByRole('heading', { name: 'Timetable', level: 1 })).toBeVisible()
  await planned(page, '09:00', '10:30')
  await expect(lessons(page)).toHaveCount(1)

  /* The same again is in the way of itself, and is told so in words. */
  const dialog = await planned(page, '10:00', '11:00')
  await expect(dialog.getByText(/^Trainer: .*Mar 3/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Leave these days out' })).toBeVisible()
  await axe(page, 'timetable: clash')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)

  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/week=2036-03-10/)
  await lessons(page).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('This and the following').check()
  await page.getByLabel('From').fill('14:00')
  await page.getByLabel('To', { exact: true }).fill('15:00')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(lessons(page).first()).toContainText('2:00')
  await page.getByRole('button', { name: 'Week before' }).click()
  await expect(lessons(page).first()).toContainText('9:00')

  await lessons(page).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the lesson' }).click()
  await page.getByLabel('Reason').fill('Fire drill')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the lesson' }).click()
  await expect(lessons(page).first()).toContainText('Cancelled')
  await expect(lessons(page).first().locator('bdi').first()).toHaveCSS(
    'text-decoration-line',
    'line-through',
  )
  await axe(page, 'timetable')
  await shot(page, 'timetable', false)
})

test('a trainer asks, an admin approves', async ({ as }) => {
  const trainer = await as('trainer')
  await trainer.goto(`/timetable?week=${WEEK}`)
  await trainer.getByRole('button', { name: 'Ask for a lesson' }).click()
  const dialog = trainer.getByRole('dialog')
  for (const label of ['Module', 'Group']) await choose(dialog, label)
  await dialog.getByLabel('Day', { exact: true }).fill('2036-03-08')
  await dialog.getByLabel('A word to who decides').fill('To catch up')
  await dialog.getByRole('button', { name: 'Send the request' }).click()
  await expect(trainer.getByText('Waiting')).toBeVisible()

  const admin = await as('admin', { theme: 'dark' })
  await admin.goto(`/timetable?week=${WEEK}&view=list`)
  await settled(admin)
  await axe(admin, 'timetable: list, dark')
  await admin.getByRole('button', { name: 'Approve' }).click()
  await expect(admin.getByText('Approved')).toBeVisible()
  await expect(admin.getByRole('table').last()).toContainText('Saturday')
})

test('in Arabic, on a phone', async ({ as }) => {
  const page = await as('admin', { lang: 'ar' }, { width: 360, height: 740 })
  await page.goto(`/timetable?week=${WEEK}`)
  await expect(page.getByRole('heading', { name: 'جدول الحصص', level: 1 })).toBeVisible()
  await settled(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await axe(page, 'timetable: phone, Arabic')
  await shot(page, 'timetable-ar', false)
})
