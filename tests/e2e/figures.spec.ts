/* A group's report with its drawing and CSV, and an alert from the queue to its closing. */
import { axe, expect, get, send, shot, test } from './fixtures'

test('a group has figures, as a table and as CSV', async ({ as }) => {
  const page = await as('admin')
  /* The demo school's own groups have members and marks. */
  const { items } = await get<{ items: { id: number; student_count: number }[] }>(
    page,
    '/api/v1/groups?limit=100',
  )
  const group = items.reduce((a, b) => (b.student_count > a.student_count ? b : a))
  await page.goto('/reports')
  await page.getByRole('combobox', { name: 'Group' }).selectOption(String(group.id))
  const table = page.getByRole('table')
  await expect(table.getByRole('row').last()).toContainText('All together')
  expect(await table.getByRole('row').count()).toBeGreaterThan(3)
  await axe(page, 'reports')
  await shot(page, 'reports')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download as CSV' }).click()
  expect((await download).suggestedFilename()).toBe(`group-${group.id}.csv`)
  await page.setViewportSize({ width: 360, height: 740 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(360)
})

test('an alert is taken up and closed with a word', async ({ as }) => {
  const page = await as('admin', { lang: 'fr' })
  expect((await send(page, 'POST', '/api/v1/alerts/refresh')).status()).toBe(204)
  await page.goto('/alerts')
  const first = page.locator('[data-alert]').first()
  await expect(first).toContainText('Ouverte')
  const id = await first.getAttribute('data-alert')
  await axe(page, 'alerts')
  await shot(page, 'alerts')
  await first.getByRole('button', { name: 'Prendre en charge' }).click()
  await expect(page.locator(`[data-alert="${id}"]`)).toHaveCount(0)
  await page.getByRole('combobox', { name: 'État des alertes' }).selectOption('in_progress')
  const taken = page.locator(`[data-alert="${id}"]`)
  await taken.getByRole('button', { name: 'Fermer' }).click()
  await page.getByLabel('Ce qui a été fait').fill('Vu avec la famille.')
  await page.getByRole('dialog').getByRole('button', { name: 'Fermer' }).last().click()
  await expect(taken).toHaveCount(0)
  const alert = await get<{ state: string; history: { message: string }[] }>(
    page,
    `/api/v1/alerts/${id}`,
  )
  expect(alert.state).toBe('closed')
  expect(alert.history.at(-1)?.message).toBe('Vu avec la famille.')
})
