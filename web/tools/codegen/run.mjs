// Types from docs/openapi.json. In its own folder because the generator needs TypeScript 5.
//   node tools/codegen/run.mjs [--check] [--input FILE]
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const target = path.join(here, '../../src/api/schema.gen.ts')
const check = process.argv.includes('--check')
const named = process.argv.indexOf('--input')
const input = named > 0 ? process.argv[named + 1] : path.join(here, '../../../docs/openapi.json')

const generator = path.join(here, 'node_modules/openapi-typescript/bin/cli.js')
if (!fs.existsSync(generator)) {
  execFileSync('npm', ['ci', '--silent'], { cwd: here, stdio: 'inherit' })
}
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-codegen-'))
try {
  const made = path.join(work, 'schema.gen.ts')
  execFileSync(process.execPath, [generator, path.resolve(input), '-o', made], { stdio: 'pipe' })
  const text = fs.readFileSync(made, 'utf8')
  const old = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : ''
  if (text === old) {
    console.log('schema.gen.ts is fresh')
  } else if (check) {
    console.error('schema.gen.ts is stale: run npm --prefix web run codegen')
    process.exitCode = 1
  } else {
    fs.writeFileSync(target, text)
    console.log('wrote schema.gen.ts')
  }
} finally {
  fs.rmSync(work, { recursive: true })
}
