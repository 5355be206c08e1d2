// SPDX-License-Identifier: MIT
// The same nets by the same recipe, driven from Node: one frame for each number on standard input.
// usage: same_nets.mjs MODELS_DIR NAME.WIDTHxHEIGHT.rgb...
import fs from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import ort from 'onnxruntime-node'
import { loadFrames } from './frames.mjs'

const [models, ...files] = process.argv.slice(2)
const frames = loadFrames(files)

const SIDE = 112
const TEMPLATE = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
]

const open = (file) =>
  ort.InferenceSession.create(path.join(models, file), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  })
const nets = {
  detect: await open('fr_detect.onnx'),
  landmark: await open('fr_landmark.onnx'),
  feature: await open('fr_feature.onnx'),
}
let netsMs = 0
async function run(net, data, dims) {
  const start = performance.now()
  const out = await net.run({ input: new ort.Tensor('float32', data, dims) })
  netsMs += performance.now() - start
  return out
}

/* Bilinear samples of a map (a b c; d e f) from output to input pixels, as planes; outside is 0. */
function warp({ rgb, width, height }, m, w, h) {
  const planes = new Float32Array(3 * w * h)
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const sx = m[0] * x + m[1] * y + m[2]
      const sy = m[3] * x + m[4] * y + m[5]
      const x0 = Math.floor(sx)
      const y0 = Math.floor(sy)
      if (x0 < 0 || y0 < 0 || x0 + 1 >= width || y0 + 1 >= height) continue
      const fx = sx - x0
      const fy = sy - y0
      const a = 3 * (y0 * width + x0)
      const b = a + 3 * width
      const to = y * w + x
      for (let c = 0; c < 3; c++) {
        const top = rgb[a + c] * (1 - fx) + rgb[a + 3 + c] * fx
        const low = rgb[b + c] * (1 - fx) + rgb[b + 3 + c] * fx
        planes[c * w * h + to] = top * (1 - fy) + low * fy
      }
    }
  }
  return planes
}

async function detect(frame) {
  const [w, h] = [320, 240]
  const scale = frame.width / w
  const shift = (scale - 1) / 2
  const data = warp(frame, [scale, 0, shift, 0, scale, shift], w, h).map((v) => (v - 127) / 128)
  const out = await run(nets.detect, data, [1, 3, h, w])
  const { data: scores } = out.scores
  const { data: boxes } = out.boxes
  const found = []
  for (let i = 0; i < 4420; i++) {
    if (scores[2 * i + 1] > 0.65) {
      found.push({
        score: scores[2 * i + 1],
        x1: boxes[4 * i] * frame.width,
        y1: boxes[4 * i + 1] * frame.height,
        x2: boxes[4 * i + 2] * frame.width,
        y2: boxes[4 * i + 3] * frame.height,
      })
    }
  }
  found.sort((a, b) => b.score - a.score)
  const kept = []
  const area = (c) => (c.x2 - c.x1) * (c.y2 - c.y1)
  for (const one of found) {
    const good = kept.every((k) => {
      const ow = Math.min(k.x2, one.x2) - Math.max(k.x1, one.x1)
      const oh = Math.min(k.y2, one.y2) - Math.max(k.y1, one.y1)
      const both = ow > 0 && oh > 0 ? ow * oh : 0
      return both / (area(k) + area(one) - both) <= 0.4
    })
    if (good) kept.push(one)
  }
  return kept
}

async function points(frame, box) {
  const side = box.y2 - box.y1
  const left = (box.x1 + box.x2 - side) / 2
  const step = side / 64
  const shift = step / 2 - 0.5
  const n = 64 * 64
  const colours = warp(frame, [step, 0, left + shift, 0, step, box.y1 + shift], 64, 64)
  const data = new Float32Array(n)
  for (let i = 0; i < n; i++) {
    data[i] = (0.299 * colours[i] + 0.587 * colours[n + i] + 0.114 * colours[2 * n + i]) / 256
  }
  const { data: out } = (await run(nets.landmark, data, [1, 1, 64, 64])).output
  const mean = (...ids) => [
    left + (side * ids.reduce((s, i) => s + out[2 * i], 0)) / ids.length,
    box.y1 + (side * ids.reduce((s, i) => s + out[2 * i + 1], 0)) / ids.length,
  ]
  return [mean(37, 38, 40, 41), mean(43, 44, 46, 47), mean(30), mean(48, 60), mean(54, 64)]
}

/* The similarity of least squares from the template to the face, as a map for warp(). */
function alignment(face) {
  const mean = (p) => [0, 1].map((k) => p.reduce((s, q) => s + q[k] / 5, 0))
  const from = mean(face)
  const to = mean(TEMPLATE)
  let dot = 0
  let cross = 0
  let spread = 0
  for (let i = 0; i < 5; i++) {
    const [sx, sy] = [face[i][0] - from[0], face[i][1] - from[1]]
    const [tx, ty] = [TEMPLATE[i][0] - to[0], TEMPLATE[i][1] - to[1]]
    dot += sx * tx + sy * ty
    cross += sx * ty - sy * tx
    spread += sx * sx + sy * sy
  }
  const strength = dot * dot + cross * cross
  const c = (dot * spread) / strength
  const s = (cross * spread) / strength
  return [c, s, from[0] - c * to[0] - s * to[1], -s, c, from[1] + s * to[0] - c * to[1]]
}

async function embed(frame, face) {
  const n = SIDE * SIDE
  const colours = warp(frame, alignment(face), SIDE, SIDE)
  const data = new Float32Array(3 * n)
  /* Blue first. */
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < n; i++) data[c * n + i] = (colours[(2 - c) * n + i] - 127.5) / 128
  }
  const { data: out } = (await run(nets.feature, data, [1, 3, SIDE, SIDE])).output
  const length = Math.hypot(...out)
  return out.map((v) => v / length)
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const frame = frames[Number(line)]
  const start = performance.now()
  netsMs = 0
  const found = await detect(frame)
  for (const box of found) await embed(frame, await points(frame, box))
  fs.writeSync(
    1,
    `${(performance.now() - start).toFixed(3)} ${netsMs.toFixed(3)} ${found.length}\n`,
  )
}
