import { expect, school, shot, test } from './fixtures'

test('signing in: what is wrong is said at its place', async ({ page, allow }) => {
  allow(/401/)
  await page.goto('/students')
  await expect(page).toHaveURL(/\/login\?next=/)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('Enter an e-mail address')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toBeFocused()
  await page.getByLabel('E-mail').fill(school().admin)
  await page.getByLabel('Password', { exact: true }).fill('surely not this one')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toHaveText(/E-mail or password is wrong/)
  await shot(page, 'login-wrong', false)
  await page.getByLabel('Password', { exact: true }).fill(school().password)
  await expect(async () => {
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page).toHaveURL(/\/students$/, { timeout: 3000 })
  }).toPass({ timeout: 30_000 })
  const stored = await page.evaluate(
    () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
  )
  expect(stored).not.toMatch(/eyJ|sp_access=|sp_refresh/)
})

test('an ended access token is renewed without a word', async ({ as, allow }) => {
  allow(/401/)
  const page = await as('trainer')
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.context().clearCookies({ name: 'sp_access' })
  await page.getByRole('link', { name: 'Students' }).click()
  await expect(page.locator('tbody tr').first()).toBeVisible()
  await expect(page).toHaveURL(/\/students$/)
})

test('language and theme stay, Arabic is mirrored', async ({ as }) => {
  const page = await as('student')
  await page.goto('/account')
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true })
  await expect(page.locator('html')).toHaveClass(/dark/)
  await page.locator('aside').getByLabel('Language').selectOption('ar')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ar')
  await expect(page.locator('html')).toHaveClass(/dark/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('حسابك')
  await page.locator('aside').getByRole('combobox').selectOption('en')
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr')
})

test('own logins are listed and logging out ends this one', async ({ as }) => {
  const page = await as('student')
  await page.goto('/account')
  await expect(page.getByText('This browser')).toHaveCount(1)
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(page).toHaveURL(/\/login/)
  await page.goto('/')
  await expect(page).toHaveURL(/\/login/)
})

test('a wrong current password is said at its field', async ({ as, allow }) => {
  allow(/422/)
  const page = await as('student')
  await page.goto('/account')
  await page.getByLabel('Current password').fill('surely not this one')
  await page.getByLabel('New password', { exact: true }).fill('Another-harbour-77')
  await page.getByLabel('New password again').fill('Another-harbour-77')
  await page.getByRole('button', { name: 'Change password' }).click()
  const field = page.getByLabel('Current password')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText('This is not the current password.')).toBeVisible()
})

test('a lost connection is said, and so is nothing when it is back', async ({ as, allow }) => {
  allow(/ERR_INTERNET_DISCONNECTED|Failed to load/)
  const page = await as('trainer')
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.context().setOffline(true)
  await expect(page.getByRole('status').filter({ hasText: 'You are offline' })).toBeVisible()
  await page.context().setOffline(false)
  await expect(page.getByText('You are offline')).toHaveCount(0)
})
