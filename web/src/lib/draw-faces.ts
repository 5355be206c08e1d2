/* Boxes and names over a picture. Plain canvas: no style, no markup, nothing for the CSP to forbid. */
import type { Box } from '@/api/types'

export type FaceTone = 'match' | 'doubt' | 'unknown'

export type DrawnFace = { box: Box; label: string; tone: FaceTone }

type Picture = { width: number; height: number; mirrored?: boolean; rtl?: boolean }

const COLOURS: Record<FaceTone, string> = {
  match: '#3ddc91',
  doubt: '#ffc65c',
  unknown: '#e8eef0',
}

const INK = '#0b2126'
const CORNER = 0.24

function corners(ctx: CanvasRenderingContext2D, box: Box) {
  const { x, y, width: w, height: h } = box
  const c = Math.min(w, h) * CORNER
  const r = c * 0.45
  ctx.beginPath()
  for (const [cx, cy, sx, sy] of [
    [x, y, 1, 1],
    [x + w, y, -1, 1],
    [x + w, y + h, -1, -1],
    [x, y + h, 1, -1],
  ] as const) {
    ctx.moveTo(cx, cy + sy * c)
    ctx.arcTo(cx, cy, cx + sx * c, cy, r)
    ctx.lineTo(cx + sx * c, cy)
  }
  ctx.stroke()
}

function label(ctx: CanvasRenderingContext2D, face: DrawnFace, box: Box, picture: Picture) {
  const size = Math.max(13, Math.round(picture.height / 26))
  ctx.font = `600 ${size}px system-ui, sans-serif`
  ctx.direction = picture.rtl ? 'rtl' : 'ltr'
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  const width = ctx.measureText(face.label).width + size
  const height = size * 1.6
  const middle = box.x + box.width / 2
  const left = Math.max(2, Math.min(picture.width - width - 2, middle - width / 2))
  const below = box.y + box.height + 6
  const top = below + height > picture.height ? Math.max(2, box.y - height - 6) : below
  ctx.fillStyle = COLOURS[face.tone]
  ctx.beginPath()
  ctx.roundRect(left, top, width, height, height / 3)
  ctx.fill()
  ctx.fillStyle = INK
  ctx.fillText(face.label, left + width / 2, top + height / 2 + 1)
}

export function drawFaces(
  canvas: HTMLCanvasElement,
  faces: readonly DrawnFace[],
  picture: Picture,
): void {
  const ctx = canvas.getContext('2d')
  if (!ctx) return
  if (canvas.width !== picture.width) canvas.width = picture.width
  if (canvas.height !== picture.height) canvas.height = picture.height
  ctx.clearRect(0, 0, canvas.width, canvas.height)
  ctx.lineCap = 'round'
  ctx.lineWidth = Math.max(2.5, picture.width / 180)
  for (const face of faces) {
    const box = picture.mirrored
      ? { ...face.box, x: picture.width - face.box.x - face.box.width }
      : face.box
    ctx.strokeStyle = COLOURS[face.tone]
    corners(ctx, box)
    if (face.label) label(ctx, face, box, picture)
  }
}
