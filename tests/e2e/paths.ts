/* Where things are; the port is one that is hardly ever taken, or SP_E2E_PORT. */
import path from 'node:path'

export const ROOT = path.resolve(__dirname, '../..')
export const RESULTS = path.join(__dirname, 'results')
export const CLIP = path.join(RESULTS, 'webcam.y4m')
export const SCENE = path.join(RESULTS, 'class.jpg')
export const PORT = Number(process.env.SP_E2E_PORT ?? 18473)
export const OWN_SERVER = !process.env.SP_E2E_URL
export const BASE_URL = process.env.SP_E2E_URL ?? `http://127.0.0.1:${PORT}`
export const BINARY =
  process.env.SP_TEST_BINARY ?? process.env.SP_BINARY ?? path.join(ROOT, 'build/smartpresence')
export const CACHE =
  process.env.SP_CACHE_DIR ??
  path.join(
    process.env.XDG_CACHE_HOME ?? path.join(process.env.HOME ?? '/root', '.cache'),
    'smartpresence',
  )
export const PORTRAITS = process.env.SP_E2E_PORTRAITS ?? path.join(CACHE, 'portraits')
export const NOTES = path.join(RESULTS, 'school.json')
