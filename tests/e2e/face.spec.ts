import {
  axe,
  expect,
  get,
  openedSession,
  type RecordRow,
  school,
  send,
  shot,
  test,
  todaysSession,
} from './fixtures'

test('a face before the webcam turns present, in a second browser too', async ({ as }) => {
  const first = await as('trainer')
  const session = await todaysSession(first)
  /* Shortly before midnight the session near now is one of tomorrow and not on the home page. */
  const today = session.starts_at.slice(0, 10) === new Date().toISOString().slice(0, 10)
  await first.goto(today ? '/' : `/sessions/${session.id}`)
  const card = first.getByRole('listitem').filter({ hasText: session.module_name }).first()
  const place = today ? card : first.getByRole('main')
  await place.getByRole('button', { name: 'Open register' }).click()
  await expect(first).toHaveURL(new RegExp(`/sessions/${session.id}`))
  await expect(first.getByText('Open', { exact: true })).toBeVisible()

  const second = await as('trainer')
  await second.goto(`/sessions/${session.id}`)
  const name = school().face
  const here = first.getByRole('row', { name: new RegExp(name) })
  const there = second.getByRole('row', { name: new RegExp(name) })
  await expect(there.getByText('Not marked').first()).toBeAttached()

  await first.getByRole('button', { name: 'Start camera' }).click()
  await expect(first.getByText('Live', { exact: true })).toBeVisible()
  await expect(here.locator('[data-status=present], [data-status=late]').first()).toBeAttached()
  await expect(there.locator('[data-status=present], [data-status=late]').first()).toBeAttached()
  await expect(there).toContainText(/By face\s*similarity [01]\.\d\d · margin [01]\.\d\d/)
  await expect(second.locator('[data-count=unmarked]')).not.toHaveText('12')

  /* The box with the name is drawn over the picture. */
  await expect
    .poll(() =>
      first.locator('canvas').evaluate((el: HTMLCanvasElement) => {
        const { width, height } = el
        if (!width || !height) return 0
        const { data } = el.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] }
        let painted = 0
        for (let i = 3; i < data.length; i += 4) if (data[i]) painted++
        return painted
      }),
    )
    .toBeGreaterThan(300)
  await shot(first, 'register-live', false)
  await shot(second, 'register-second-browser', false)
})

test('a class photo marks who is in it and names nobody else', async ({ as }) => {
  const page = await as('trainer')
  const session = await openedSession(page)
  await page.goto(`/sessions/${session.id}`)
  await page.getByRole('tab', { name: 'Photo' }).click()
  await page.locator('input[type=file]').setInputFiles(`${__dirname}/results/class.jpg`)
  const panel = page.getByRole('tabpanel')
  await expect(panel.getByText(/\d+ faces found in/)).toBeVisible()
  const found = panel.getByRole('listitem')
  await expect(found.filter({ hasText: school().face })).toHaveCount(1)
  const count = await found.count()
  expect(count).toBeGreaterThanOrEqual(3)
  await shot(page, 'register-photo')

  const register = await get<{ records: RecordRow[] }>(
    page,
    `/api/v1/sessions/${session.id}/register`,
  )
  const byFace = register.records.filter((r) => r.method === 'face').map((r) => r.student_name)
  const named = await found.filter({ hasText: /Present|Late/ }).allTextContents()
  for (const text of named)
    expect(
      byFace.some((n) => text.includes(n)),
      text,
    ).toBe(true)
})

test('two faces where one is expected are refused in words', async ({ as, allow }) => {
  allow(/422|415/)
  const page = await as('trainer')
  const session = await openedSession(page)
  await page.goto(`/sessions/${session.id}`)
  await page.getByRole('tab', { name: 'Photo' }).click()
  await page.getByLabel('One person only').check()
  await page.locator('input[type=file]').setInputFiles(`${__dirname}/results/class.jpg`)
  await expect(page.getByRole('alert')).toHaveText(/More than one face/)
  await page.locator('input[type=file]').setInputFiles({
    name: 'broken.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('not a picture at all'),
  })
  await expect(page.getByRole('alert')).toHaveText(/This kind of file is not accepted/)
})

test('closing reaches the second browser and marks the rest absent', async ({ as }) => {
  const first = await as('trainer')
  const session = await openedSession(first)
  const second = await as('admin')
  await second.goto(`/sessions/${session.id}`)
  await expect(second.getByText('Open', { exact: true })).toBeVisible()
  await first.goto(`/sessions/${session.id}`)
  await first.getByRole('button', { name: 'Close register' }).click()
  await expect(second.locator('[data-state=closed]')).toBeVisible()
  await expect(second.locator('[data-count=unmarked]')).toHaveText('0')
  await expect(first.locator('[data-count=unmarked]')).toHaveText('0')
  await first.getByRole('button', { name: 'Reopen' }).click()
  await first.getByLabel('Reason').fill('One learner came in late')
  await first.getByRole('dialog').getByRole('button', { name: 'Reopen' }).click()
  await expect(second.locator('[data-state=open]')).toBeVisible()
  expect((await send(first, 'POST', `/api/v1/sessions/${session.id}/close`)).status()).toBe(200)
  expect(
    (
      await send(first, 'POST', `/api/v1/sessions/${session.id}/reopen`, {
        reason: 'for the next test',
      })
    ).status(),
  ).toBe(200)

  await second.getByRole('link', { name: 'History' }).click()
  const steps = second.locator('[data-step]')
  await expect(steps.first()).toContainText('for the next test')
  const late = steps.filter({ hasText: 'One learner came in late' })
  await expect(late).toContainText('Register reopened')
  await second.getByRole('button', { name: 'Check the chain' }).click()
  await expect(second.getByText(/The chain holds: \d+ links/)).toBeVisible()
  await axe(second, 'history of a register')
})
