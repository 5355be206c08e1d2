/* The coach, the history, look-alikes as cases, and photos in bulk. */
import fs from 'node:fs'
import zlib from 'node:zlib'
import { axe, expect, get, school, settled, shot, test } from './fixtures'

type Student = { id: number; name: string; student_number: string; consent: boolean }

const studentsWith = async (page: Parameters<typeof get>[0], query: string) =>
  (await get<{ items: Student[] }>(page, `/api/v1/students?limit=200&${query}`)).items

/* A ZIP with files as they are; nothing is packed. */
function zipOf(files: Record<string, Buffer>): Buffer {
  const parts: Buffer[] = []
  const index: Buffer[] = []
  let at = 0
  for (const [name, data] of Object.entries(files)) {
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(zlib.crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    index.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, Buffer.from(name)]),
    )
    parts.push(local)
    at += local.length
  }
  const central = Buffer.concat(index)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(index.length, 8)
  end.writeUInt16LE(index.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, central, end])
}

test('the coach takes the front by itself and asks for the next pose', async ({ as }) => {
  const page = await as('admin')
  const [own] = await studentsWith(page, `q=${encodeURIComponent(school().face)}`)
  await page.goto(`/students/${own?.id}`)
  await expect(page.getByText('low assurance').first()).toBeVisible()
  await page.getByRole('button', { name: 'Enrol again' }).click()
  await page.getByRole('button', { name: 'Start camera' }).click()
  const poses = page.getByRole('list', { name: 'Poses' })
  await expect(poses.getByText('taken')).toHaveCount(1)
  await expect(page.getByText(/Turn the head a little to your left: -?\d/)).toBeVisible()
  await expect(page.getByAltText(/^Picture \d$/)).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Enrol 1 picture' })).toBeDisabled()
  await shot(page, 'enrolment')
  await axe(page, 'enrolment coach')
  /* This camera shows a picture that cannot turn. */
  await page.getByRole('button', { name: 'Take picture' }).click()
  await page.getByRole('button', { name: 'Take picture' }).click()
  await page.getByRole('button', { name: 'Enrol 3 pictures' }).click()
  await expect(page.getByText('Picture 1 accepted')).toBeVisible()
  await page.getByText(/^History/).click()
  await expect(page.getByText('Webcam').first()).toBeVisible()
  await expect(page.getByText('standard assurance').first()).toBeVisible()
})

test('a look-alike is a case, and a person judges it', async ({ as, allow }) => {
  allow(/409/)
  const page = await as('admin')
  const other = (await studentsWith(page, 'enrolled=false')).find((s) => s.consent)
  await page.goto(`/students/${other?.id}`)
  await page.getByRole('button', { name: 'Enrol a face' }).click()
  await page.locator('input[type=file]').setInputFiles(school().photo)
  await expect(page.getByText(/marked as of low assurance/)).toBeVisible()
  await page.getByRole('button', { name: 'Enrol 1 picture' }).click()
  await page.getByRole('link', { name: 'Open the case' }).click()
  const row = page.getByRole('listitem').filter({ hasText: school().face })
  await expect(row.getByText('to be judged')).toBeVisible()
  await row.getByLabel('Note').fill('the same pupil twice')
  await shot(page, 'look-alikes')
  await row.getByRole('button', { name: 'One person' }).click()
  await expect(row.getByText('the same pupil twice')).toBeVisible()
  await expect(row.getByText(/Archive one of the two/)).toBeVisible()
})

test('photos in a ZIP are checked, run and reported', async ({ as, allow }) => {
  allow(/422/)
  const page = await as('admin')
  const [own] = await studentsWith(page, `q=${encodeURIComponent(school().face)}`)
  await page.goto('/faces')
  const archive = page.getByLabel('ZIP file')
  const type = { name: 'photos.zip', mimeType: 'application/zip' }
  await archive.setInputFiles({ ...type, buffer: Buffer.from('no zip') })
  await page.getByRole('button', { name: 'Check the photos' }).click()
  await expect(page.getByText('This is no sound ZIP file.')).toBeVisible()
  await archive.setInputFiles({
    ...type,
    buffer: zipOf({
      [`${own?.student_number}.jpg`]: fs.readFileSync(school().photo),
      'nobody-1.jpg': Buffer.from('x'),
    }),
  })
  await page.getByRole('button', { name: 'Check the photos' }).click()
  await expect(page.getByText('will be enrolled')).toBeVisible()
  await expect(page.getByText('no such student', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Enrol 1 student' }).click()
  await expect(page.getByText('done', { exact: true })).toBeVisible()
  await expect(page.getByText('enrolled', { exact: true })).toBeVisible()
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Report (CSV)' }).click()
  const report = fs.readFileSync(await (await file).path(), 'utf8')
  expect(report).toContain('nobody-1,nobody-1.jpg,photos,no_such_student')
  await shot(page, 'import')
})

test('the page of faces reads from right to left on a narrow screen', async ({ as }) => {
  const phone = await as('admin', { lang: 'ar' }, { width: 360, height: 780 })
  await phone.goto('/faces')
  await settled(phone)
  await expect(phone.getByRole('heading', { name: 'المتشابهون' })).toBeVisible()
  const wide = await phone.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(360)
  await axe(phone, 'faces in Arabic')
})
