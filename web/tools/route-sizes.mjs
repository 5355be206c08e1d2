// What each route costs a new visitor in brotli, against the budget. Run after the build.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import zlib from 'node:zlib'

const KIB = 1024
const BUDGET_KIB = 200
const SMALL_BUDGET_KIB = 150

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const manifest = JSON.parse(fs.readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8'))

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) closure(next, seen)
  return seen
}

function filesOf(keys) {
  return [...keys].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])])
}

const sizes = new Map()
function brotli(file) {
  if (!sizes.has(file)) {
    sizes.set(file, zlib.brotliCompressSync(fs.readFileSync(path.join(dist, file))).length)
  }
  return sizes.get(file)
}

const LANGUAGES = ['en', 'fr', 'ar']
const textsOf = (part) =>
  LANGUAGES.map((l) => `src/locales/${part}/${l}.json`).reduce((a, b) =>
    brotli(manifest[a].file) > brotli(manifest[b].file) ? a : b,
  )
/* The parts beside `door` that a route loads, by the folder of its page. */
const PARTS = { kiosk: ['kiosk'], auth: [] }
const shared = [...closure('index.html'), ...closure(textsOf('door'))]
const shell = closure('src/features/shell/shell.tsx')

const routes = Object.keys(manifest).filter((key) => /features\/.*-page\.tsx$/.test(key))
let over = 0
for (const key of routes.sort()) {
  const small = /login|kiosk/.test(key)
  const parts = PARTS[key.split('/')[2]] ?? ['inside', 'faces', 'privacy']
  const texts = parts.flatMap((part) => [...closure(textsOf(part))])
  const keys = new Set([...shared, ...texts, ...closure(key), ...(small ? [] : shell)])
  const bytes = ['index.html', 'boot.js', 'favicon.svg', ...new Set(filesOf(keys))].reduce(
    (sum, file) => sum + brotli(file),
    0,
  )
  const budget = small ? SMALL_BUDGET_KIB : BUDGET_KIB
  const fits = bytes <= budget * KIB
  if (!fits) over++
  const name = path.basename(key, '-page.tsx').padEnd(10)
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${name} ${(bytes / KIB).toFixed(1)} of ${budget} KiB brotli`,
  )
}
if (routes.length === 0) {
  console.error('no route found in the manifest')
  over++
}
process.exit(over > 0 ? 1 : 0)
