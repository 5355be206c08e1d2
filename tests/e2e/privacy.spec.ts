/* Privacy: what an admin sees, and what a student takes away and takes back. */
import fs from 'node:fs'
import { axe, expect, shot, test } from './fixtures'

test('an admin sees the switch, what is forgotten, and the key', async ({ as }) => {
  const page = await as('admin')
  await page.goto('/privacy')
  await expect(page.getByRole('heading', { name: 'Privacy', level: 1 })).toBeVisible()
  await expect(page.getByText('Within a session')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Decisions about faces' })).toBeVisible()
  await expect(page.getByText('90 days')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Key of certificates' })).toBeVisible()
  await axe(page, 'privacy')
  await shot(page, 'privacy', false)
})

test('a student takes everything away, takes consent back, agrees again', async ({ as }) => {
  const page = await as('student')
  await page.goto('/')
  await page.getByRole('link', { name: 'See or change' }).click()
  await expect(page.getByRole('heading', { name: 'My data' })).toBeVisible()
  const waiting = page.waitForEvent('download')
  await page.getByRole('link', { name: 'All as a page' }).click()
  const text = fs.readFileSync(await (await waiting).path(), 'utf8')
  expect(text).toContain('Consent to face recognition')
  expect(text).not.toContain('<script')

  await page.getByRole('button', { name: 'Withdraw consent' }).click()
  const confirm = page.getByRole('dialog')
  await confirm.getByLabel(/Type “delete”/).fill('delete')
  await confirm.getByRole('button', { name: 'Withdraw consent' }).click()
  await expect(page.getByText(/^Withdrawn /)).toBeVisible()
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).first().click()
  const signed = JSON.parse(fs.readFileSync(await (await saving).path(), 'utf8'))
  expect(signed.certificate.reason).toBe('consent_withdrawn')
  await expect(page.getByText(/own page/).first()).toBeVisible()
  await axe(page, 'my data')
  await shot(page, 'my-data', false)

  await page.getByRole('button', { name: 'Give consent' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(/Nobody has to agree/)).toBeVisible()
  await dialog.getByLabel(/This text was read/).check()
  await dialog.getByRole('button', { name: 'Record consent' }).click()
  await expect(page.getByText(/Given by the student/).first()).toBeVisible()
})

test('in Arabic, on a phone', async ({ as }) => {
  const page = await as('admin', { lang: 'ar' }, { width: 360, height: 740 })
  await page.goto('/privacy')
  await expect(page.getByRole('heading', { name: 'الخصوصية', level: 1 })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'مفتاح الشهادات' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await axe(page, 'privacy: phone, Arabic')
})
