import { expect, get, shot, test } from './fixtures'

test('the administrator sees how far recognition can be trusted', async ({ as }) => {
  const page = await as('admin')
  const report = await get<{ ready: boolean }>(page, '/api/v1/recognition/calibration')
  await page.goto('/recognition')
  await expect(page.getByRole('heading', { name: 'Trust in recognition' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Kept apart with more care' })).toBeVisible()
  if (report.ready) {
    await expect(page.getByRole('img', { name: /How alike templates/ })).toBeVisible()
    await expect(page.getByText(/never below 0\.\d\d/)).toBeVisible()
  } else {
    /* The demo school enrols each person by one photo. */
    await expect(page.getByText('Enrol at least one person by two photos or more.')).toBeVisible()
  }
  await shot(page, 'recognition')
})
