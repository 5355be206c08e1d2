/*
 * Before all tests: a demo school in a fresh folder with its own server, a clip for the fake webcam and
 * a class photo. What the demo says on its last lines (who, which photo) is what the tests use.
 */
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  BASE_URL,
  BINARY,
  CLIP,
  NOTES,
  OWN_SERVER,
  PORT,
  PORTRAITS,
  RESULTS,
  ROOT,
  SCENE,
} from './paths'

export type School = {
  password: string
  admin: string
  trainer: string
  student: string
  photo: string
  face: string
  course: string
  /* Of the server of these tests; unknown of one elsewhere. */
  data?: string
}

const PATTERNS: Record<keyof Omit<School, 'data'>, RegExp> = {
  password: /all with the password\s+(\S+)/,
  admin: /admin\s+(\S+@\S+)/,
  trainer: /Log in as (\S+@\S+),/,
  student: /student\s+(\S+@\S+)/,
  photo: /^\s*(\/\S+\.(?:jpg|png))\s*$/m,
  face: /^\s*(.+?) turns present/m,
  course: /session "([^"]+)"/,
}

export function readSchool(said: string): School {
  const found = Object.entries(PATTERNS).map(([name, pattern]) => {
    const match = pattern.exec(said)
    if (!match?.[1]) throw new Error(`the demo did not say its ${name}:\n${said}`)
    return [name, match[1]]
  })
  return Object.fromEntries(found) as School
}

/* The binary refuses settings that it does not know. */
const serverEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('SP_E2E_')),
)

function derive(...args: string[]) {
  execFileSync('/usr/bin/python3', [path.join(ROOT, 'tools/photos/derive.py'), ...args], {
    stdio: 'pipe',
  })
}

function enrolledPortraits(but: string): string[] {
  const list = JSON.parse(fs.readFileSync(path.join(PORTRAITS, 'portraits.json'), 'utf8')) as {
    file: string
    use: string
  }[]
  return list
    .filter((p) => p.use === 'enrol' && path.basename(p.file) !== path.basename(but))
    .map((p) => path.join(PORTRAITS, path.basename(p.file)))
}

async function ready(): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const answer = await fetch(`${BASE_URL}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`the server at ${BASE_URL} did not become ready; see ${RESULTS}/server.log`)
}

export default async function setUp() {
  fs.mkdirSync(path.join(RESULTS, 'shots'), { recursive: true })
  let stop: () => void = () => undefined
  let said = process.env.SP_E2E_SAID ?? ''
  let where = {}
  if (!fs.existsSync(path.join(PORTRAITS, 'portraits.json'))) {
    execFileSync(path.join(ROOT, 'scripts/portraits.sh'), { stdio: 'inherit' })
  }
  if (OWN_SERVER) {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-e2e-'))
    where = { data }
    const options = ['--data-dir', data, '--face-recognition', 'roster', '--log-level', 'warn']
    said = execFileSync(BINARY, ['demo', ...options, '--portraits', PORTRAITS], {
      encoding: 'utf8',
      env: serverEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const log = fs.openSync(path.join(RESULTS, 'server.log'), 'w')
    const args = ['serve', ...options, '--http-port', String(PORT)]
    const server = spawn(BINARY, args, { env: serverEnv, stdio: ['ignore', log, log] })
    stop = () => {
      server.kill('SIGTERM')
      fs.rmSync(data, { recursive: true, force: true })
    }
  }
  const school = readSchool(said)
  fs.writeFileSync(NOTES, JSON.stringify({ ...school, ...where }, null, 2))
  derive('webcam', '--seed', '7', '--seconds', '4', CLIP, school.photo)
  derive(
    'scene',
    '--seed',
    '3',
    '--size',
    '1280x720',
    SCENE,
    school.photo,
    ...enrolledPortraits(school.photo).slice(0, 4),
  )
  try {
    await ready()
  } catch (error) {
    stop()
    throw error
  }
  return stop
}
