/* A class photo composed here: proposal, review, confirmation, and the register that shows it. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {
  axe,
  expect,
  get,
  openedSession,
  type RecordRow,
  school,
  settled,
  shot,
  test,
} from './fixtures'
import { PORTRAITS, RESULTS, ROOT } from './paths'

const PHOTO = path.join(RESULTS, 'crowd.jpg')
const TURNED = path.join(RESULTS, 'crowd-2.jpg')

function compose(file: string, seed: string, heights: string) {
  const list = JSON.parse(fs.readFileSync(path.join(PORTRAITS, 'portraits.json'), 'utf8')) as {
    file: string
    use: string
  }[]
  const enrolled = list
    .filter((p) => p.use === 'enrol')
    .map((p) => path.join(PORTRAITS, path.basename(p.file)))
    .filter((p) => p !== school().photo)
  const derive = path.join(ROOT, 'tools/photos/derive.py')
  const people = [school().photo, ...enrolled.slice(0, 11)]
  const args = [derive, 'crowd', '--seed', seed, '--size', '1400x1000', '--heights', heights]
  execFileSync('/usr/bin/python3', [...args, file, ...people], { stdio: 'pipe' })
}

test.beforeAll(() => {
  compose(PHOTO, '4', '96,110,40')
  compose(TURNED, '5', '100')
})

test('a class photo is reviewed, confirmed and shown in the register', async ({ as }) => {
  const page = await as('trainer')
  const session = await openedSession(page)
  const before = await get<{ records: RecordRow[] }>(
    page,
    `/api/v1/sessions/${session.id}/register`,
  )
  await page.goto(`/sessions/${session.id}`)
  await page.getByRole('link', { name: 'Class photo' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Class photo' })).toBeVisible()
  await axe(page, 'class photo: choosing')
  await page.locator('input[type=file][multiple]').setInputFiles([PHOTO, TURNED])
  await page.getByRole('button', { name: 'Look at 2 photos' }).click()

  const sure = page.getByRole('region', { name: /\d+ recognised/ })
  await expect(sure).toBeVisible({ timeout: 120_000 })
  const boxes = sure.getByRole('checkbox')
  const count = await boxes.count()
  /* How many of the portraits are in the session's group depends on the hour. */
  expect(count).toBeGreaterThanOrEqual(1)
  await expect(sure.getByText(school().face)).toBeVisible()
  for (const box of await boxes.all()) await expect(box).toBeChecked()
  await expect(page.getByRole('img', { name: /Photo [12]: \d+ faces/ })).toHaveCount(2)
  /* The crops come from the server, whole. */
  await expect
    .poll(() =>
      sure
        .locator('img')
        .first()
        .evaluate((el: HTMLImageElement) => el.naturalWidth),
    )
    .toBe(128)

  /* Faces that are like nobody's: somebody is named by the keyboard alone. */
  const unknown = page.getByRole('region', { name: /unknown face/ })
  const absent = page.getByRole('region', { name: /not seen/ })
  const first = unknown.getByRole('combobox').first()
  await first.focus()
  await page.keyboard.press('ArrowDown')
  await expect(first).not.toHaveValue('')
  const named = Number(await first.inputValue())
  await page.getByRole('button', { name: `Confirm ${count + 1} present` }).waitFor()
  /* Who is named for a face is no longer among those not seen. */
  const left = await absent.getByRole('checkbox').count()
  await absent.getByRole('checkbox').first().check()
  expect(await absent.getByRole('checkbox').count()).toBe(left)
  await axe(page, 'class photo: review')
  await shot(page, 'class-photo-review')

  await page.getByRole('button', { name: `Confirm ${count + 2} present` }).click()
  await expect(page).toHaveURL(new RegExp(`/sessions/${session.id}$`))
  await expect(page.getByText(`${count + 2} confirmed`)).toBeVisible()
  const after = await get<{ records: RecordRow[] }>(page, `/api/v1/sessions/${session.id}/register`)
  const was = new Map(before.records.map((r) => [r.student_id, r.status]))
  const news = after.records.filter((r) => was.get(r.student_id) === 'unmarked')
  const byPhoto = news.filter((r) => r.method === 'class_photo')
  const known = before.records.filter((r) => r.status !== 'unmarked').length
  expect(byPhoto.length).toBeGreaterThanOrEqual(count - known)
  const hand = after.records.find((r) => r.student_id === named)
  expect(['present', 'late', 'absent', 'excused']).toContain(hand?.status)
})

test('fits a phone, in Arabic, and comes back after a reload', async ({ as }) => {
  const page = await as('trainer', { lang: 'ar', theme: 'dark' }, { width: 360, height: 740 })
  const session = await openedSession(page)
  await page.goto(`/sessions/${session.id}/photo`)
  await settled(page)
  await page.locator('input[type=file][multiple]').setInputFiles(TURNED)
  await page.getByRole('button', { name: 'فحص صورة واحدة' }).click()
  await expect(page).toHaveURL(/proposal=\d+/, { timeout: 120_000 })
  await page.reload()
  await settled(page)
  await expect(page.getByRole('button', { name: /تأكيد/ })).toBeVisible()
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(wide).toBeLessThanOrEqual(0)
  await axe(page, 'class photo: phone, Arabic')
  await shot(page, 'phone-class-photo-ar')
  await page.getByRole('button', { name: 'تجاهل' }).click()
  await expect(page).not.toHaveURL(/proposal/)
  await expect(page.locator('input[type=file][capture=environment]')).toBeAttached()
})
