/* The source files that tests look at. */
import fs from 'node:fs'
import path from 'node:path'

export const WEB = path.resolve(import.meta.dirname, '../..')
export const ROOT = path.dirname(WEB)

export function walk(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name)
    return entry.isDirectory() ? walk(name) : [name]
  })
}

export const read = (file: string) => fs.readFileSync(file, 'utf8')

export const webSources = () =>
  walk(path.join(WEB, 'src')).filter((f) => /\.tsx?$/.test(f) && !f.endsWith('.gen.ts'))

export const shortName = (file: string) => path.relative(WEB, file)
