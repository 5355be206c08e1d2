/* What moves while a page comes up is a test; when it is painted depends on the machine, and is noted. */
import fs from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { expect, settled, test, todaysSession } from './fixtures'
import { RESULTS } from './paths'

type Paint = { first: number; largest: number; shift: number; moved: string[] }
type Shift = PerformanceEntry & {
  value: number
  hadRecentInput: boolean
  sources: { node?: Node }[]
}

const LARGEST_SHIFT = 0.05

async function watchPaint(page: Page) {
  await page.addInitScript(() => {
    const seen: Paint = { first: 0, largest: 0, shift: 0, moved: [] }
    Object.assign(window, { seenPaint: seen })
    const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
        type,
        buffered: true,
      })
    watch('paint', (e) => {
      if (e.name === 'first-contentful-paint') seen.first = e.startTime
    })
    watch('largest-contentful-paint', (e) => {
      seen.largest = e.startTime
    })
    watch('layout-shift', (entry) => {
      const { value, hadRecentInput, sources } = entry as Shift
      if (hadRecentInput) return
      seen.shift += value
      for (const { node } of sources) {
        if (node) seen.moved.push(node.nodeName + (node.textContent ?? '').slice(0, 40))
      }
    })
  })
}

/* Two frames on: what was to be painted is painted, and told. */
const seenOn = (page: Page) =>
  page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame)
    return (window as unknown as { seenPaint: Paint }).seenPaint
  })

test('nothing jumps while the login, the home page and a register come up', async ({
  as,
  page,
}) => {
  const noted: Record<string, Paint> = {}
  const look = async (on: Page, name: string, address: string) => {
    const load = async () => {
      await on.goto(address)
      await settled(on)
      return seenOn(on)
    }
    let paint = await load()
    /* What comes late on a busy machine comes in time now; what always jumps does so again. */
    if (paint.shift >= LARGEST_SHIFT) paint = await load()
    noted[name] = paint
    expect.soft(paint.first, `${name} was painted`).toBeGreaterThan(0)
    expect.soft(paint.shift, `${name}: ${paint.moved.join(' | ')}`).toBeLessThan(LARGEST_SHIFT)
  }
  await watchPaint(page)
  await look(page, 'login', '/login')
  const trainer = await as('trainer')
  await watchPaint(trainer)
  const register = `/sessions/${(await todaysSession(trainer)).id}`
  await look(trainer, 'home', '/')
  await look(trainer, 'register', register)
  await trainer.setViewportSize({ width: 360, height: 740 })
  await look(trainer, 'home on a phone', '/')
  await look(trainer, 'register on a phone', register)
  /* The watch is awake: it sees what jumps. */
  await trainer.evaluate(() => {
    const block = document.createElement('div')
    block.style.height = '300px'
    document.querySelector('main')?.prepend(block)
  })
  await expect.poll(async () => (await seenOn(trainer)).shift).toBeGreaterThan(LARGEST_SHIFT)
  fs.writeFileSync(path.join(RESULTS, 'paint.json'), JSON.stringify(noted, null, 2))
})
