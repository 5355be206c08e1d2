import { expect, openedSession, shot, test } from './fixtures'

test('roll-call by keyboard alone, with undo', async ({ as }) => {
  const page = await as('trainer')
  const session = await openedSession(page)
  await page.goto(`/sessions/${session.id}`)
  const rows = page.locator('tbody tr')
  await expect(rows.first()).toBeVisible()
  const status = (n: number) => rows.nth(n).locator('[data-status]').first()
  const before = await status(2).getAttribute('data-status')
  const wanted = before === 'late' ? 'excused' : 'late'

  /* Keys are heard once the page has come up wholly. */
  await expect(async () => {
    await page.keyboard.press(
      (await page.locator('tbody tr[aria-current=true]').count()) ? 'k' : 'j',
    )
    await expect(rows.first()).toHaveAttribute('aria-current', 'true', { timeout: 2000 })
  }).toPass()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('j')
  await expect(rows.nth(2)).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press(wanted === 'late' ? 'l' : 'e')
  await expect(status(2)).toHaveAttribute('data-status', wanted)
  await expect(rows.nth(3)).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('p')
  await page.keyboard.press('a')
  await expect(status(4)).toHaveAttribute('data-status', 'absent')
  await shot(page, 'register-keyboard', false)

  await page.keyboard.press('u')
  await expect(status(4)).not.toHaveAttribute('data-status', 'absent')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await page.keyboard.press('l')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.reload()
  await expect(status(2)).toHaveAttribute('data-status', wanted)
})

test('a mark by mouse is undone from its message, and its history is kept', async ({ as }) => {
  const page = await as('trainer')
  const session = await openedSession(page)
  await page.goto(`/sessions/${session.id}`)
  const row = page.locator('tbody tr').nth(6)
  const name = await row.getByRole('button').first().innerText()
  const chip = row.locator('[data-status]').first()
  const before = await chip.getAttribute('data-status')
  const wanted = before === 'excused' ? 'Late' : 'Excused'
  await row.getByRole('button', { name: `${name}: ${wanted}` }).click()
  await expect(chip).toHaveAttribute('data-status', wanted.toLowerCase())
  const answered = page.waitForResponse((r) => r.url().endsWith('/undo'))
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click()
  await expect(chip).toHaveAttribute('data-status', before ?? '')
  expect((await answered).status()).toBe(200)
  /* At the lower edge of the window too, where the row is half hidden. */
  const middle = await row.evaluate((tr) => {
    const { top, height } = tr.getBoundingClientRect()
    return top + height / 2
  })
  await page.setViewportSize({ width: 1440, height: Math.round(middle) + 8 })
  await row.getByRole('button', { name, exact: true }).click()
  const dialog = page.getByRole('dialog', { name })
  await expect(dialog).toBeVisible()
  await page.setViewportSize({ width: 1440, height: 900 })
  await expect(dialog.getByText('taken back').first()).toBeVisible()
  await expect(dialog.getByText('By hand').first()).toBeVisible()
  await shot(page, 'history', false)
})

test('every figure filters the register, and the filter is in the address', async ({ as }) => {
  const page = await as('trainer')
  const session = await openedSession(page)
  await page.goto(`/sessions/${session.id}`)
  const figure = page.getByRole('button', { name: /^Late/ })
  const count = Number(await figure.locator('[data-count]').innerText())
  await figure.click()
  await expect(page).toHaveURL(/status=late/)
  await expect(page.locator('tbody tr')).toHaveCount(count)
  await page.reload()
  await expect(figure).toHaveAttribute('aria-pressed', 'true')
})
