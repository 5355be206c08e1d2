// SPDX-License-Identifier: MIT
// Raw frames, their size in their name: NAME.WIDTHxHEIGHT.rgb.
import fs from 'node:fs'

export function loadFrames(files) {
  return files.map((file) => {
    const [, width, height] = file.match(/\.(\d+)x(\d+)\.rgb$/) ?? []
    if (!width) throw new Error(`${file} is not NAME.WIDTHxHEIGHT.rgb`)
    return { rgb: fs.readFileSync(file), width: Number(width), height: Number(height) }
  })
}
