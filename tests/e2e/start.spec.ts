import type { Page } from '@playwright/test'
import { expect, school, test } from './fixtures'

/* The scripts that a page asked for. */
function scriptsOf(page: Page): string[] {
  const names: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.endsWith('.js')) names.push(pathname)
  })
  return names
}

async function logIn(page: Page) {
  await page.getByLabel('E-mail').fill(school().admin)
  await page.getByLabel('Password', { exact: true }).fill(school().password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('signing in loads the school only then, and leads to where one wanted to go', async ({
  page,
}) => {
  const scripts = scriptsOf(page)
  await page.goto('/students?q=a&enrolled=true#main')
  await expect(page).toHaveURL(/\/login\?next=/)
  await expect(page.getByLabel('E-mail')).toBeFocused()
  expect(scripts.filter((name) => /\/(door|school)-/.test(name)).length).toBe(1)
  await logIn(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Students' })).toBeVisible()
  await expect(page).toHaveURL(/\/students\?q=a&enrolled=true#main$/)
  expect(scripts.some((name) => /\/school-/.test(name))).toBe(true)

  /* The door is behind, and the router has one of its own there. */
  await page.getByRole('link', { name: 'Registers' }).click()
  await expect(page).toHaveURL(/\/registers$/)
  await page.goBack()
  await expect(page).toHaveURL(/\/students\?/)
  await page.goBack()
  await expect(page).toHaveURL(/\/login\?next=/)
  await expect(page.getByLabel('E-mail')).toBeVisible()
  await page.goForward()
  await expect(page.getByRole('heading', { level: 1, name: 'Students' })).toBeVisible()
})

test('a login that ended asks for another and goes on', async ({ page, allow }) => {
  allow(/401/)
  await page.goto('/students')
  await logIn(page)
  await expect(page.locator('tbody tr').first()).toBeVisible()
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Registers not taken' }).click()
  await expect(page).toHaveURL(/\/login\?next=%2Fregisters$/)
  await logIn(page)
  await expect(page).toHaveURL(/\/registers$/)
  await expect(page.getByRole('link', { name: 'Students', exact: true })).toBeVisible()
})

test('an address that is none says so, and none of another host is gone to', async ({ page }) => {
  await page.goto('/')
  await expect(page).toHaveURL(/\/login$/)
  await page.goto('/login?next=//elsewhere.test/')
  await logIn(page)
  await expect(page).toHaveURL(/:\d+\/$/)
  await page.goto('/no-such-page')
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
})

test('a kiosk loads no more than the kiosk', async ({ page, allow }) => {
  allow(/40[13]/)
  const scripts = scriptsOf(page)
  await page.goto('/kiosk')
  await expect(page.getByLabel('Token of the kiosk')).toBeVisible()
  expect(scripts.some((name) => /\/kiosk-/.test(name))).toBe(true)
  expect(scripts.filter((name) => /\/(door|school|link|query)-/.test(name))).toEqual([])

  await page.goto('/login?next=/kiosk')
  await logIn(page)
  await expect(page).toHaveURL(/\/kiosk$/)
  await expect(page.getByRole('heading', { level: 1, name: 'Kiosk' })).toBeVisible()
})
