import fs from 'node:fs'
import { axe, expect, get, school, test } from './fixtures'

const nav = { name: 'Main menu' }

test('a student sees own things only', async ({ as, allow }) => {
  allow(/40[34]/)
  const page = await as('student')
  await page.goto('/')
  const menu = page.getByRole('navigation', nav)
  await expect(menu.getByRole('link')).toHaveText([
    'Home',
    'Sessions',
    'Timetable',
    'Justifications',
    'My attendance',
  ])
  await expect(page.getByRole('img', { name: /Attendance rate/ })).toBeVisible()
  await menu.getByRole('link', { name: 'My attendance' }).click()
  await expect(page.getByRole('heading', { level: 1, name: school().face })).toBeVisible()
  await expect(page.getByRole('button', { name: /Enrol/ })).toHaveCount(0)
  const me = await get<{ student_id: number }>(page, '/api/v1/me')
  await page.goto(`/students/${me.student_id + 1}`)
  await expect(page.getByRole('alert')).toHaveText(/not yours to see/)
  await page.goto('/students')
  await expect(page.getByRole('alert')).toHaveText(/Your role may not do this/)
  await page.goto('/manage/users')
  await expect(page.getByRole('alert')).toHaveText(/Your role may not do this/)
})

test('a student sees the own row of a register and no buttons', async ({ as }) => {
  const page = await as('student')
  await page.goto('/sessions')
  await page.getByRole('main').getByRole('listitem').getByRole('link').first().click()
  await expect(page.locator('tbody tr')).toHaveCount(1)
  await expect(page.locator('tbody tr')).toContainText(school().face)
  await expect(page.getByRole('button', { name: /register|Start camera/ })).toHaveCount(0)
})

test('a trainer runs sessions and manages nothing', async ({ as, allow }) => {
  allow(/403/)
  const page = await as('trainer')
  await page.goto('/')
  await expect(page.getByRole('navigation', nav).getByRole('link')).toHaveText([
    'Home',
    'Sessions',
    'Timetable',
    'Registers not taken',
    'To review',
    'Students',
    'Justifications',
    'Reports',
    'Alerts',
  ])
  await page.goto('/sessions')
  await expect(page.getByRole('button', { name: 'Add session' })).toHaveCount(0)
  await page.goto('/manage/rooms')
  await expect(page.getByRole('alert')).toHaveText(/Your role may not do this/)
})

test('an administrator keeps the lists', async ({ as, allow }) => {
  allow(/409|422/)
  const page = await as('admin')
  await page.goto('/')
  await expect(page.getByRole('navigation', nav).getByRole('link')).toHaveCount(23)
  await expect(page.getByText('API documentation')).toBeVisible()
  await page.goto('/manage/rooms')
  const code = `E2E-${Date.now() % 100_000}`
  const add = async (name: string) => {
    await page.getByRole('button', { name: 'Add room' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Code').fill(code)
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByLabel(/Seats/).fill('18')
    await dialog.getByRole('button', { name: 'Save' }).click()
    return dialog
  }
  await add(`Room ${code}`)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('cell', { name: `Room ${code}`, exact: true })).toBeVisible()
  const again = await add('The same code')
  await expect(again.getByText('Another entry already uses this.')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: `Edit Room ${code}` }).click()
  await page.getByRole('dialog').getByLabel(/Seats/).fill('20')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('row', { name: new RegExp(code) }).getByText('20')).toBeVisible()
  await page.getByRole('button', { name: `Archive Room ${code}` }).click()
  await expect(page.getByRole('cell', { name: `Room ${code}`, exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('cell', { name: `Room ${code}`, exact: true })).toBeVisible()
})

test('an administrator adds a session and a student, who is forgotten later', async ({ as }) => {
  const page = await as('admin')
  await page.goto('/sessions')
  await page.getByRole('button', { name: 'Add session' }).click()
  const dialog = page.getByRole('dialog')
  for (const label of ['Module', 'Group', 'Trainer', /^Room/]) {
    await dialog.getByLabel(label, { exact: typeof label === 'string' }).selectOption({ index: 1 })
  }
  await dialog.getByLabel('Day').fill('2031-03-03')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.goto('/sessions?from=2031-03-03&to=2031-03-03')
  await expect(page.getByText('1 session', { exact: true })).toBeVisible()

  await page.goto('/students')
  await page.getByRole('button', { name: 'Add student' }).click()
  const form = page.getByRole('dialog')
  const number = `E2E${Date.now() % 1_000_000}`
  await form.getByLabel('Name', { exact: true }).fill('Zora Endtoend')
  await form.getByLabel('Number').fill(number)
  await form.getByLabel(/Group/).selectOption({ index: 1 })
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.goto(`/students?q=${number}`)
  const row = page.locator('tbody tr')
  await expect(row).toHaveCount(1)
  await expect(row.locator('td').nth(1)).not.toHaveText('–')

  await row.getByRole('link').click()
  await page.getByRole('button', { name: 'Archive the student' }).click()
  await page.getByRole('button', { name: 'Forget for good…' }).click()
  const forget = page.getByRole('dialog').getByRole('button', { name: 'Forget for good' })
  await expect(forget).toBeDisabled()
  await axe(page, 'forgetting')
  await page.getByLabel(`Type the number ${number} to go on`).fill(number)
  await forget.click()
  const done = page.getByRole('dialog', { name: 'Zora Endtoend is forgotten' })
  const saving = page.waitForEvent('download')
  await done.getByRole('link', { name: 'Certificate of deletion' }).click()
  const signed = JSON.parse(fs.readFileSync(await (await saving).path(), 'utf8'))
  expect(signed.certificate.reason).toBe('forgotten')
  await done.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^#\d+$/)
  await expect(page.getByText('Zora Endtoend')).toHaveCount(0)
})
