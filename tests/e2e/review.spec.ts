import { axe, expect, get, send, settled, shot, test, todaysSession } from './fixtures'

type Day = { id: number; status: string; starts_at: string }
type Me = { student_id: number }

const WHY = 'I sat in the last row'
const ANSWER = 'The whole row was empty'

test('a student disputes a mark and the trainer answers', async ({ as }) => {
  const page = await as('student')
  const me = await get<Me>(page, '/api/v1/me')
  const { items } = await get<{ items: Day[] }>(
    page,
    `/api/v1/students/${me.student_id}/attendance?limit=100`,
  )
  const after = new Date(Date.now() - 13 * 24 * 3600_000).toISOString()
  const day = items.find((d) => d.status !== 'unmarked' && d.starts_at > after)
  if (!day) throw new Error('no mark of the last days')
  await page.goto(`/students/${me.student_id}`)
  await settled(page)
  const row = page.getByRole('listitem').filter({ has: page.locator(`a[href$="/${day.id}"]`) })
  await row.getByRole('button', { name: 'Dispute' }).click()
  const dialog = page.getByRole('dialog', { name: 'This mark is wrong' })
  await dialog.getByLabel('What happened').fill(WHY)
  await dialog.getByRole('button', { name: 'Send' }).click()
  await expect(row.getByText('Disputed')).toBeVisible()
  await axe(page, 'own marks')

  const admin = await as('admin')
  await admin.goto('/review')
  const asked = admin.locator('[data-dispute]').filter({ hasText: WHY })
  await expect(asked.getByRole('button', { name: 'Reject' })).toBeDisabled()
  await asked.getByRole('textbox').fill(ANSWER)
  await axe(admin, 'disputes')
  await shot(admin, 'disputes')
  await asked.getByRole('button', { name: 'Reject' }).click()
  await expect(asked).toHaveCount(0)
  await admin.getByLabel('Answered ones too').check()
  await expect(asked.getByText(ANSWER)).toBeVisible()
  await expect(admin).toHaveURL(/all=true/)

  await page.reload()
  await expect(row.getByText('Not accepted')).toBeVisible()
  await expect(row.getByText(ANSWER)).toBeVisible()
})

test('signals and missing registers, also in Arabic and on a phone', async ({ as }) => {
  const page = await as('admin', { lang: 'ar', theme: 'dark' }, { width: 360, height: 740 })
  for (const path of ['/review?tab=signals', '/registers']) {
    await page.goto(path)
    await settled(page)
    await axe(page, path)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide, path).toBeLessThanOrEqual(360)
  }
  await shot(page, 'registers-ar')
})

test('the register: newest first, the rest at once, and into other hands', async ({ as }) => {
  const page = await as('trainer')
  const near = await todaysSession(page)
  await page.goto(`/sessions/${near.id}`)
  await settled(page)
  await page.getByRole('button', { name: 'Newest first' }).click()
  await expect(page).toHaveURL(/order=latest/)
  await page.getByRole('button', { name: 'Hand over' }).click()
  const give = page.getByRole('dialog', { name: 'Hand the session over' })
  await expect(give.getByRole('button', { name: 'Hand over' })).toBeDisabled()
  await axe(page, 'hand-over')
  await page.keyboard.press('Escape')
  const rest = page.getByRole('button', { name: 'Mark the rest' })
  if (await rest.isVisible()) {
    await rest.click()
    const dialog = page.getByRole('dialog', { name: 'All present but …' })
    await dialog.getByRole('checkbox').first().check()
    await axe(page, 'all present but')
    await shot(page, 'all-present-but', false)
    await page.keyboard.press('Escape')
  }
  const answer = await send(page, 'POST', `/api/v1/sessions/${near.id}/hand-over`, {})
  expect(answer.status()).toBe(422)
})
