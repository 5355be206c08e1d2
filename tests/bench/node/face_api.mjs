// SPDX-License-Identifier: MIT
// face-api on WebAssembly, from picture to descriptor: one frame for each number on standard input.
// usage: face_api.mjs tiny|ssd NAME.WIDTHxHEIGHT.rgb...
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import readline from 'node:readline'
import { loadFrames } from './frames.mjs'

/* The wasm build wants CommonJS and finds TensorFlow.js by name. */
const require = createRequire(import.meta.url)
const tf = require('@tensorflow/tfjs')
const wasm = require('@tensorflow/tfjs-backend-wasm')
const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js')

const [kind, ...files] = process.argv.slice(2)
const frames = loadFrames(files)
const modules = path.join(import.meta.dirname, 'node_modules')

wasm.setWasmPaths(path.join(modules, '@tensorflow/tfjs-backend-wasm/dist/'))
wasm.setThreadsCount(1)
await tf.setBackend('wasm')
await tf.ready()
const models = path.join(modules, '@vladmandic/face-api/model')
const detector = kind === 'ssd' ? faceapi.nets.ssdMobilenetv1 : faceapi.nets.tinyFaceDetector
for (const net of [detector, faceapi.nets.faceLandmark68Net, faceapi.nets.faceRecognitionNet]) {
  await net.loadFromDisk(models)
}
const options =
  kind === 'ssd'
    ? new faceapi.SsdMobilenetv1Options()
    : new faceapi.TinyFaceDetectorOptions({ inputSize: 416 })

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { rgb, width, height } = frames[Number(line)]
  const start = performance.now()
  const picture = tf.tensor3d(rgb, [height, width, 3], 'int32')
  const found = await faceapi
    .detectAllFaces(picture, options)
    .withFaceLandmarks()
    .withFaceDescriptors()
  picture.dispose()
  fs.writeSync(1, `${(performance.now() - start).toFixed(3)} 0 ${found.length}\n`)
}
