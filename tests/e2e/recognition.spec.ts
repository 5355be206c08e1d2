import { expect, shot, test } from './fixtures'

test('the administrator sees how far recognition can be trusted', async ({ as }) => {
  const page = await as('admin')
  await page.goto('/recognition')
  await expect(page.getByRole('heading', { name: 'Trust in recognition' })).toBeVisible()
  const drawing = page.getByRole('img', { name: /How alike templates/ })
  await expect(drawing).toBeVisible()
  await expect.poll(() => drawing.evaluate((el: HTMLImageElement) => el.naturalWidth)).toBeGreaterThan(0)
  const rows = page.getByRole('table', { name: 'What to expect' }).locator('tbody tr')
  await expect(rows.first()).toBeVisible()
  await expect(page.getByText(/never below 0\.45/)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Kept apart with more care' })).toBeVisible()
  await shot(page, 'recognition')
})
