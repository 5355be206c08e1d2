/* Checking in by one's own face. The webcam of these tests shows a still picture: it has to fail. */
import { axe, expect, get, openedSession, settled, shot, test } from './fixtures'

type Records = { records: { status: string }[] }

test('a still picture before the camera checks nobody in', async ({ as }) => {
  const trainer = await as('trainer')
  const session = await openedSession(trainer)
  const page = await as('student')
  const register = `/api/v1/sessions/${session.id}/register`
  const before = await get<Records>(page, register)

  await page.goto(`/sessions/${session.id}`)
  await page.getByRole('link', { name: 'Check in with my face' }).click()
  await expect(page).toHaveURL(new RegExp(`/check-in/${session.id}`))
  await expect(page.getByText('Ask your trainer to mark you by hand')).toBeVisible()
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.getByText(/Step 1 of 4/)).toBeVisible()
  await shot(page, 'check-in-running')
  await expect(page.getByText('You were not checked in.')).toBeVisible({ timeout: 120_000 })
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await axe(page, 'check-in, failed')
  await shot(page, 'check-in-failed')
  expect((await get<Records>(page, register)).records[0]?.status).toBe(before.records[0]?.status)
})

test('an administrator says how much liveness is asked', async ({ as }) => {
  const page = await as('admin')
  await page.goto('/liveness')
  await settled(page)
  const cell = page.getByRole('combobox', { name: 'On one’s own phone, Exam' })
  await cell.selectOption({ label: 'Challenge' })
  await expect(cell).toHaveValue('challenge')
  await page.reload()
  await expect(cell).toHaveValue('challenge')
  await axe(page, 'liveness policy')
  await shot(page, 'liveness-policy')
  await cell.selectOption({ index: 0 })
  await expect(cell).toHaveValue('')
  const policy = await get<{ rules: unknown[] }>(page, '/api/v1/liveness/policy')
  expect(policy.rules).toEqual([])
})

for (const [role, path] of [
  ['student', '/check-in/'],
  ['admin', '/liveness'],
] as const) {
  test(`in Arabic and 360 px wide: ${path}`, async ({ as }) => {
    const session = await openedSession(await as('trainer'))
    const page = await as(role, { lang: 'ar', theme: 'dark' }, { width: 360, height: 740 })
    await page.goto(role === 'student' ? `${path}${session.id}` : path)
    await settled(page)
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(360)
    await axe(page, `${path} in Arabic`)
    await shot(page, `liveness-${role}-ar`)
  })
}
