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
const SCHOOL = 'src/apps/school.tsx'
const SHELL = 'src/features/shell/shell.tsx'
const INSIDE = ['inside', 'faces', 'privacy']
/* The applications that are one page; signing in again where the school was loaded before. */
const routes = [
  { name: 'kiosk', keys: ['src/apps/kiosk.tsx'], parts: ['kiosk'], small: true },
  { name: 'login', keys: ['src/apps/door.tsx'], parts: [], small: true },
  {
    name: 'login again',
    keys: [SCHOOL, 'src/features/auth/login-route.tsx'],
    parts: [],
    small: false,
  },
]
const pages = Object.keys(manifest).filter((key) => /features\/.*-page\.tsx$/.test(key))
for (const key of pages.filter((page) => !/features\/(auth|kiosk)\//.test(page)).sort()) {
  const name = path.basename(key, '-page.tsx')
  routes.push({ name, keys: [SCHOOL, SHELL, key], parts: INSIDE, small: false })
}
let over = 0
for (const { name, keys, parts, small } of routes) {
  const texts = ['door', ...parts].map(textsOf)
  const needed = new Set(['index.html', ...keys, ...texts].flatMap((key) => [...closure(key)]))
  const bytes = ['index.html', 'boot.js', 'favicon.svg', ...new Set(filesOf(needed))].reduce(
    (sum, file) => sum + brotli(file),
    0,
  )
  const budget = small ? SMALL_BUDGET_KIB : BUDGET_KIB
  const fits = bytes <= budget * KIB
  if (!fits) over++
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${name.padEnd(18)} ${(bytes / KIB).toFixed(1)} of ${budget} KiB brotli`,
  )
}
if (pages.length === 0) {
  console.error('no page found in the manifest')
  over++
}
process.exit(over > 0 ? 1 : 0)
