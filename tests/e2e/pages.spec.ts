/* Every page of every role: accessible, without complaints of the browser, and inside a small screen. */
import type { Page } from '@playwright/test'
import { axe, expect, get, type Role, settled, shot, test, todaysSession } from './fixtures'

async function pagesOf(page: Page, role: Role): Promise<Record<string, string>> {
  /* Short lists have all that long ones have; axe looks at every row. */
  const day = new Date(Date.now() - 2 * 24 * 3600_000).toISOString().slice(0, 10)
  const pages: Record<string, string> = {
    home: '/',
    sessions: `/sessions?from=${day}&to=${day}`,
    account: '/account',
  }
  if (role === 'student') {
    const me = await get<{ student_id: number }>(page, '/api/v1/me')
    return { ...pages, 'my-attendance': `/students/${me.student_id}` }
  }
  const { items } = await get<{ items: { id: number }[] }>(
    page,
    '/api/v1/students?limit=1&enrolled=true',
  )
  pages.students = '/students?q=an'
  pages.student = `/students/${items[0]?.id}`
  if (role === 'trainer') pages.register = `/sessions/${(await todaysSession(page)).id}`
  if (role === 'admin') {
    for (const kind of ['programmes', 'modules', 'groups', 'rooms', 'trainers', 'users']) {
      pages[kind] = kind === 'users' ? `/manage/${kind}?q=kar` : `/manage/${kind}`
    }
    pages.recognition = '/recognition'
    pages.missing = '/no/such/page'
  }
  return pages
}

/* Each language and each theme, not each with each: colours know nothing of words. */
const LOOKS = [
  { lang: 'en', theme: 'light', picture: true },
  { lang: 'fr', theme: 'dark', picture: false },
  { lang: 'ar', theme: 'dark', picture: true },
] as const

for (const role of ['admin', 'trainer', 'student'] as const) {
  for (const look of LOOKS) {
    test(`${role}, ${look.lang}, ${look.theme}: every page passes axe`, async ({ as }) => {
      test.setTimeout(600_000)
      const page = await as(role, look)
      for (const [name, address] of Object.entries(await pagesOf(page, role))) {
        await page.goto(address)
        await settled(page)
        await axe(page, `${role} ${name}`)
        if (look.picture) await shot(page, `${role}-${name}-${look.lang}-${look.theme}`)
      }
    })
  }

  test(`${role}: every page fits 360 pixels`, async ({ as }) => {
    test.setTimeout(600_000)
    const page = await as(role, {}, { width: 360, height: 740 })
    for (const [name, address] of Object.entries(await pagesOf(page, role))) {
      await page.goto(address)
      await settled(page)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect.soft(over, `${name} is too wide`).toBeLessThanOrEqual(0)
      await shot(page, `phone-${role}-${name}`)
    }
  })
}

test('dialogs and the phone menu pass axe', async ({ as }) => {
  const page = await as('admin', { theme: 'dark' })
  await page.goto('/sessions')
  await page.getByRole('button', { name: 'Add session' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await axe(page, 'session dialog')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Add session' })).toBeFocused()
  await page.goto('/manage/users')
  await page.getByRole('button', { name: 'Add user' }).click()
  await axe(page, 'user dialog')
  const phone = await as('trainer', { lang: 'ar' }, { width: 390, height: 800 })
  await phone.goto('/')
  await settled(phone)
  await phone.getByRole('banner').getByRole('button').first().click()
  await expect(phone.getByRole('dialog')).toBeVisible()
  await axe(phone, 'phone menu')
  await shot(phone, 'phone-menu-ar', false)
})

for (const look of LOOKS) {
  test(`login, ${look.lang}, ${look.theme}`, async ({ page }) => {
    await page.addInitScript(
      (state) => {
        if (location.protocol === 'about:') return
        localStorage.setItem('sp-ui', JSON.stringify({ state, version: 0 }))
      },
      { lang: look.lang, theme: look.theme, langPicked: true },
    )
    await page.goto('/login')
    await settled(page)
    await axe(page, 'login')
    await shot(page, `login-${look.lang}-${look.theme}`, false)
  })
}

test('the API page works offline under the strict policy', async ({ page }) => {
  await page.goto('/docs')
  await expect(page.getByRole('heading', { name: /SmartPresence/ }).first()).toBeVisible()
  await page.locator('.opblock').first().click()
  await shot(page, 'docs', false)
})
