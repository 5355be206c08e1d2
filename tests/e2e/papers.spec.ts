/* A justification's whole way: a minor sends it with a picture, the mother signs, the school approves. */
import fs from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { axe, expect, get, send, shot, test } from './fixtures'
import { RESULTS } from './paths'

const PASSWORD = 'seven-Teal-otters'
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAC0lEQVR4nGNgQAYAAA4AAamRc7EAAAAASUVORK5CYII='

type Made = { id: number }
type People = { student: string; mother: string; studentId: number; sessionId: number; day: string }

/* A class of one, whose lesson of the day before yesterday nobody attended. */
async function makeClass(admin: Page): Promise<People> {
  const tag = `${Date.now() % 1_000_000}`
  const make = async <T extends Made>(url: string, body: unknown): Promise<T> => {
    const answer = await send(admin, 'POST', url, body)
    expect(answer.status(), `${url}: ${await answer.text()}`).toBeLessThan(300)
    return (await answer.json()) as T
  }
  const [student, mother] = [`minor-${tag}@school.example`, `mother-${tag}@school.example`]
  const programme = await make('/api/v1/programmes', { code: `J${tag}`, name: 'Absences' })
  const programme_id = programme.id
  const module = await make('/api/v1/modules', { code: `J${tag}`, name: 'History', programme_id })
  const group = await make('/api/v1/groups', { code: `J${tag}`, name: `Year ${tag}`, programme_id })
  const trainer = await make('/api/v1/trainers', {
    email: `history-${tag}@school.example`,
    name: 'Clio Historian',
    password: PASSWORD,
  })
  const pupil = await make('/api/v1/students', {
    student_number: `J${tag}`,
    name: 'Nora Minor',
    birth_date: `${new Date().getUTCFullYear() - 12}-01-02`,
    email: student,
    password: PASSWORD,
  })
  const start = new Date(Date.now() - 2 * 86_400_000)
  start.setUTCHours(9, 0, 0, 0)
  const day = start.toISOString().slice(0, 10)
  const from = new Date(start.getTime() - 30 * 86_400_000).toISOString().slice(0, 10)
  await make(`/api/v1/groups/${group.id}/students`, { student_id: pupil.id, from })
  await make(`/api/v1/students/${pupil.id}/guardians`, {
    email: mother,
    name: 'Vera Minor',
    password: PASSWORD,
    relation: 'mother',
  })
  const session = await make('/api/v1/sessions', {
    module_id: module.id,
    trainer_id: trainer.id,
    group_ids: [group.id],
    starts_at: start.toISOString(),
    ends_at: new Date(start.getTime() + 7_200_000).toISOString(),
    kind: 'course',
    mode: 'in_person',
  })
  for (const move of ['open', 'close'])
    await make(`/api/v1/sessions/${session.id}/${move}`, undefined)
  return { student, mother, studentId: pupil.id, sessionId: session.id, day }
}

async function statusOf(admin: Page, who: People): Promise<string | undefined> {
  type Register = { records: { student_id: number; status: string }[] }
  const register = await get<Register>(admin, `/api/v1/sessions/${who.sessionId}/register`)
  return register.records.find((r) => r.student_id === who.studentId)?.status
}

test('a minor announces with a paper, the mother signs, the school approves', async ({ as }) => {
  const picture = path.join(RESULTS, 'certificate.png')
  fs.writeFileSync(picture, Buffer.from(PNG, 'base64'))
  const admin = await as('admin')
  const who = await makeClass(admin)
  expect(await statusOf(admin, who)).toBe('absent')

  const minor = await as({ email: who.student, password: PASSWORD })
  await minor.goto('/justifications')
  await expect(minor.getByText('No justifications')).toBeVisible()
  await minor.getByRole('button', { name: 'Justify an absence' }).click()
  const dialog = minor.getByRole('dialog')
  await dialog.getByLabel('First day').fill(who.day)
  await dialog.getByLabel('Last day').fill(who.day)
  await dialog.getByLabel('Reason').selectOption({ label: 'Illness' })
  await dialog.getByLabel(/What happened/).fill('A fever')
  await axe(minor, 'justification: form')
  await dialog.getByRole('button', { name: 'Send' }).click()
  await expect(minor.getByRole('heading', { name: 'Papers' })).toBeVisible()
  await expect(minor.getByText('Waits for a guardian')).toBeVisible()
  await minor.getByLabel('Add papers').setInputFiles(picture)
  await expect(minor.getByRole('link', { name: 'Save certificate.png' })).toBeVisible()
  await expect(minor.getByText('Paper added')).toBeVisible()
  await shot(minor, 'justification-sent', false)

  const mother = await as({ email: who.mother, password: PASSWORD })
  await mother.goto('/justifications')
  await mother.getByRole('link', { name: /Nora Minor/ }).click()
  const sign = mother.getByRole('button', { name: 'Sign', exact: true })
  await expect(sign).toBeDisabled()
  await mother.getByLabel(/I have read this justification/).check()
  await sign.click()
  await expect(mother.getByText('Signed by a guardian')).toBeVisible()

  await admin.goto('/justifications')
  await admin.getByRole('link', { name: /Nora Minor/ }).click()
  const saving = admin.waitForEvent('download')
  await admin.getByRole('link', { name: 'Save certificate.png' }).click()
  expect(fs.readFileSync(await (await saving).path()).toString('base64')).toBe(PNG)
  await admin.getByLabel('Message').first().fill('Get well soon.')
  await axe(admin, 'justification: to be decided')
  await shot(admin, 'justification-decide', false)
  await admin.getByRole('button', { name: 'Approve' }).click()
  await expect(admin.getByRole('button', { name: 'Take the approval back' })).toBeVisible()
  expect(await statusOf(admin, who)).toBe('excused')

  await minor.goto(`/students/${who.studentId}`)
  await expect(minor.getByText('Excused').first()).toBeVisible()
  await minor.goto('/justifications')
  await expect(minor.getByRole('link', { name: /Approved/ })).toBeVisible()
})

test('a file that is no paper is refused with the reason', async ({ as, allow }) => {
  allow(/422/)
  const student = await as('student')
  const picture = path.join(RESULTS, 'holiday.pdf')
  fs.writeFileSync(picture, 'MZ this is a program')
  await student.goto('/justifications')
  await student.getByRole('button', { name: 'Justify an absence' }).click()
  const dialog = student.getByRole('dialog')
  const day = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10)
  await dialog.getByLabel('First day').fill(day)
  await dialog.getByLabel('Last day').fill(day)
  await dialog.getByLabel('Reason').selectOption({ label: 'Transport' })
  await dialog.getByRole('button', { name: 'Send' }).click()
  await student.getByLabel('Add papers').setInputFiles(picture)
  await expect(student.getByText(/this is a Windows program/)).toBeVisible()
  await student.getByRole('button', { name: 'Withdraw' }).click()
  await expect(student.getByText('Withdrawn').first()).toBeVisible()
})

test('in Arabic, on a phone', async ({ as }) => {
  const page = await as('admin', { lang: 'ar' }, { width: 360, height: 740 })
  await page.goto('/justifications?state=all')
  await expect(page.getByRole('heading', { name: 'تبريرات الغياب', level: 1 })).toBeVisible()
  const narrow = () => page.evaluate(() => document.documentElement.scrollWidth)
  expect(await narrow()).toBeLessThanOrEqual(360)
  await axe(page, 'justifications: phone, Arabic')
  await page.getByRole('button', { name: 'تبرير غياب' }).click()
  await page.getByRole('dialog').getByLabel('جزء من يوم').check()
  expect(await narrow()).toBeLessThanOrEqual(360)
  await axe(page, 'justification form: phone, Arabic')
  await page.getByRole('dialog').getByRole('button', { name: 'إلغاء', exact: true }).click()
  await page.getByRole('main').getByRole('listitem').getByRole('link').first().click()
  await expect(page.getByRole('heading', { name: 'السجل' })).toBeVisible()
  expect(await narrow()).toBeLessThanOrEqual(360)
  await axe(page, 'justification: phone, Arabic')
})
