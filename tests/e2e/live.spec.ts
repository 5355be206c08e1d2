/* Live changes over one line per browser, however many tabs it has. */
import { expect, get, openedSession, type RecordRow, send, test } from './fixtures'

test('two tabs share one line, and the second takes over when the first is closed', async ({
  as,
}) => {
  const trainer = await as('trainer')
  const session = await openedSession(trainer)
  const address = `/sessions/${session.id}`
  const first = await as('admin')
  const context = first.context()
  const lines: string[] = []
  context.on('request', (r) => {
    if (r.url().endsWith('/api/v1/events')) lines.push(r.url())
  })
  await first.goto(address)
  await expect(first.locator('tbody tr').first()).toBeVisible()
  await expect.poll(() => lines.length).toBe(1)
  const second = await context.newPage()
  await second.goto(address)
  await expect(second.locator('tbody tr').first()).toBeVisible()

  const register = await get<{ records: RecordRow[] }>(trainer, `/api/v1${address}/register`)
  const student = register.records.find((r) => r.status !== 'excused')
  const url = `/api/v1${address}/attendance/${student?.student_id}`
  const chip = (page: typeof first) =>
    page.locator(`tr[data-student="${student?.student_id}"] [data-status]`).first()
  const mark = async (status: string) =>
    expect((await send(trainer, 'PUT', url, { status })).status()).toBe(200)

  await mark('excused')
  await expect(chip(first)).toHaveAttribute('data-status', 'excused')
  await expect(chip(second)).toHaveAttribute('data-status', 'excused')
  expect(lines).toHaveLength(1)

  await first.close()
  await expect.poll(() => lines.length).toBe(2)
  await mark('late')
  await expect(chip(second)).toHaveAttribute('data-status', 'late')
})
