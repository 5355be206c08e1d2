import fs from 'node:fs'
import { expect, get, school, shot, test } from './fixtures'

type Student = {
  id: number
  name: string
  consent: boolean
  enrolled: boolean
  group_name: string | null
}

const studentsWith = async (page: Parameters<typeof get>[0], query: string) =>
  (await get<{ items: Student[] }>(page, `/api/v1/students?limit=200&${query}`)).items

test('students are found by name, group and enrolment, by address', async ({ as }) => {
  const page = await as('admin')
  /* Those of the demo, and what tests before this one added. */
  const shown = (n: number) => Math.min(n, 50)
  const all = (await studentsWith(page, '')).length
  await page.goto('/students')
  await expect(page.locator('tbody tr')).toHaveCount(shown(all))
  await page.getByLabel('Name or number').fill(school().face)
  await expect(page).toHaveURL(/q=/)
  await expect(page.locator('tbody tr')).toHaveCount(1)
  await page.reload()
  await expect(page.locator('tbody tr')).toHaveCount(1)
  await page.getByLabel('Name or number').fill('')
  await expect(page).not.toHaveURL(/q=/)
  await page.getByLabel('Face', { exact: true }).selectOption('false')
  const without = await studentsWith(page, 'enrolled=false')
  await expect(page.locator('tbody tr')).toHaveCount(shown(without.length))
  await page.getByLabel('Name or number').fill('nobody at all')
  await expect(page.getByRole('heading', { name: 'No student found' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page.locator('tbody tr')).toHaveCount(shown(all))
})

test('a face that belongs to another student is not enrolled silently', async ({ as, allow }) => {
  allow(/409/)
  const page = await as('admin')
  const other = (await studentsWith(page, 'enrolled=false')).find((s) => s.consent)
  await page.goto(`/students/${other?.id}`)
  await page.getByRole('button', { name: 'Enrol a face' }).click()
  await page.locator('input[type=file]').setInputFiles(school().photo)
  await page.getByRole('button', { name: 'Enrol 1 picture' }).click()
  await expect(page.getByRole('alert')).toHaveText(/looks like another enrolled student/)
  await expect(page.getByRole('button', { name: /another person: enrol anyway/ })).toBeVisible()
  await shot(page, 'duplicate-person')
  const after = await get<Student>(page, `/api/v1/students/${other?.id}`)
  expect(after.enrolled).toBe(false)
})

test('a photo that is not good enough says why, with figures', async ({ as, allow }) => {
  allow(/422/)
  const page = await as('admin')
  const [own] = await studentsWith(page, `q=${encodeURIComponent(school().face)}`)
  await page.goto(`/students/${own?.id}`)
  await page.getByRole('button', { name: 'Enrol again' }).click()
  const portrait = `data:image/jpeg;base64,${fs.readFileSync(school().photo).toString('base64')}`
  const small = await page.evaluate(async (address) => {
    const picture = new Image()
    picture.src = address
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = 400
    canvas.height = 300
    canvas.getContext('2d')?.drawImage(picture, 150, 100, 110, 110)
    return canvas.toDataURL('image/png')
  }, portrait)
  await page.locator('input[type=file]').setInputFiles({
    name: 'small.png',
    mimeType: 'image/png',
    buffer: Buffer.from(small.split(',')[1] ?? '', 'base64'),
  })
  await page.getByRole('button', { name: 'Enrol 1 picture' }).click()
  await expect(page.getByText(/The face is too small: \d+ px, at least \d+/)).toBeVisible()
})

test('consent is given, then withdrawn with a typed word', async ({ as }) => {
  const page = await as('admin')
  const student = (await studentsWith(page, 'enrolled=false')).find((s) => !s.consent)
  await page.goto(`/students/${student?.id}`)
  await expect(page.getByText('Record the consent first')).toBeVisible()
  await page.getByRole('button', { name: 'Give consent' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Record consent' })).toBeDisabled()
  await dialog.getByLabel('A parent or guardian').check()
  await dialog.getByLabel('Name of the parent or guardian').fill('Farida Test')
  await dialog.getByLabel(/This text was read/).check()
  await shot(page, 'consent', false)
  await dialog.getByRole('button', { name: 'Record consent' }).click()
  await expect(page.getByText(/Given by the guardian Farida Test/)).toBeVisible()
  await page.getByRole('button', { name: 'Withdraw consent' }).click()
  const confirm = page.getByRole('dialog')
  const button = confirm.getByRole('button', { name: 'Withdraw consent' })
  await expect(button).toBeDisabled()
  await confirm.getByLabel(/Type “delete”/).fill('delete')
  await button.click()
  await expect(page.getByText(/^Withdrawn [A-Z][a-z]+ \d/)).toBeVisible()
})
