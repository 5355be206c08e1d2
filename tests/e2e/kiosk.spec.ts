import { axe, expect, get, openedSession, school, send, settled, shot, test } from './fixtures'

type Register = { records: { student_id: number; student_name: string; status: string }[] }
type Full = { id: number; room_id: number | null; room_name: string | null; module_name: string }

test('a kiosk is registered, greets the demo face and marks it', async ({ as, page, allow }) => {
  allow(/40[13]/)
  const trainer = await as('trainer')
  const { id } = await openedSession(trainer)
  const session = await get<Full>(trainer, `/api/v1/sessions/${id}`)
  const { records } = await get<Register>(trainer, `/api/v1/sessions/${id}/register`)
  const learner = records.find((r) => r.student_name === school().face)
  if (!learner) throw new Error('the demo face is not in the register')
  if (learner.status !== 'unmarked') {
    await send(trainer, 'POST', `/api/v1/sessions/${id}/attendance/${learner.student_id}/undo`)
  }

  const admin = await as('admin')
  /* What stands before the fake webcam is a photo. */
  const rules = { rules: [{ way: 'kiosk', level: 'off' }] }
  expect((await send(admin, 'PUT', '/api/v1/liveness/policy', rules)).status()).toBe(200)
  await admin.goto('/devices')
  await settled(admin)
  await admin.getByRole('button', { name: 'Add a device' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Tablet at the door')
  await dialog.getByLabel('Room').selectOption({ label: session.room_name ?? '' })
  await dialog.getByRole('button', { name: 'Add a device' }).click()
  const token = (await admin.locator('[data-token]').textContent()) ?? ''
  expect(token).toMatch(/^spd_/)
  await axe(admin, 'devices')
  await admin.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
  await expect(admin.getByText('Tablet at the door')).toBeVisible()
  await expect(admin.locator('[data-token]')).toHaveCount(0)
  await shot(admin, 'devices')
  /* In a browser with a person's login the token is asked for too. */
  await admin.goto('/kiosk')
  await expect(admin.getByLabel('Token of the kiosk')).toBeVisible()

  await page.context().grantPermissions(['camera'])
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto('/kiosk')
  await page.getByLabel('Token of the kiosk').fill('spd_wrong')
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.getByText(/This token is not known/)).toBeVisible()
  await axe(page, 'kiosk sign-in')
  await page.getByLabel('Token of the kiosk').fill(token)
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(session.room_name ?? '')
  await expect(page.getByText(session.module_name).first()).toBeVisible()
  await expect(page.getByText(/ask your trainer for another way/)).toBeVisible()

  const first = school().face.split(' ')[0] ?? ''
  const greeting = page.locator('[data-greeting=ok]')
  /* In one look: a greeting goes after some seconds. */
  await expect(greeting).toContainText(new RegExp(`${first}.*✓ (Present|Late) \\d\\d:\\d\\d`))
  await expect(page.getByText(school().face)).toHaveCount(0)
  await axe(page, 'kiosk')
  await shot(page, 'kiosk', false)
  await trainer.goto(`/sessions/${id}`)
  const row = trainer.getByRole('row', { name: new RegExp(school().face) })
  await expect(row).toContainText('At the kiosk')

  await page.setViewportSize({ width: 360, height: 740 })
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ar')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(360)
  await axe(page, 'kiosk in Arabic, narrow')
  await shot(page, 'kiosk-ar', false)

  /* Revoked: the tablet is out within a frame. */
  const { items } = await get<{ items: { id: number; name: string }[] }>(
    admin,
    '/api/v1/devices?limit=200',
  )
  for (const device of items) await send(admin, 'DELETE', `/api/v1/devices/${device.id}`)
  await expect(page.locator('form #token')).toBeVisible()
  expect((await send(admin, 'PUT', '/api/v1/liveness/policy', { rules: [] })).status()).toBe(200)
})
