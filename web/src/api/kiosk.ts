/*
 * The kiosk's own line to the server. It has a cookie of its own and no person behind it, so it does not
 * go through the signed-in client: a 401 asks for the device's token, not for somebody's password.
 */
import { ApiProblem, toProblem } from '@/api/problem'
import type { components } from '@/api/schema.gen'

type Schemas = components['schemas']
export type Decision = Schemas['decision']
export type KioskSession = Schemas['kiosk_session']
/* An object that is not there is null; the document cannot say so. */
export type Room = Omit<Schemas['kiosk_room'], 'next'> & { next: KioskSession | null }
export type DoorFace = Omit<Schemas['kiosk_face'], 'outcome' | 'mark'> & {
  outcome: Decision | null
  mark: Schemas['kiosk_mark'] | null
}
export type Seen = Omit<Schemas['kiosk_seen'], 'faces' | 'outcome'> & {
  faces: DoorFace[]
  outcome: Decision | null
}
export type DoorAnswer = Omit<Schemas['kiosk_frame'], 'result' | 'error'> & {
  result: Seen | null
  error: Schemas['frame_error'] | null
}

async function ask(path: string, init?: RequestInit): Promise<Room> {
  const res = await fetch(path, { credentials: 'same-origin', ...init }).catch(() => {
    throw new ApiProblem('network', 0)
  })
  const body: unknown = await res.json().catch(() => undefined)
  if (!res.ok) throw toProblem(body, res.status)
  return body as Room
}

export const readRoom = () => ask('/api/v1/kiosk/room')

export const signIn = (token: string) =>
  ask('/api/v1/kiosk/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: token.trim() }),
  })

type Handlers = {
  onAnswer: (answer: DoorAnswer, ageMs: number) => void
  onLine: (live: boolean) => void
  /* The device is no longer known. */
  onOut: () => void
}

const ANSWER_WITHIN_MS = 4000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 8000

/* Four bytes of the number, big-endian, a zero, three bytes of the picture's age, the JPEG. */
export function doorMessage(frame: number, ageMs: number, jpeg: ArrayBuffer): ArrayBuffer {
  const message = new Uint8Array(8 + jpeg.byteLength)
  const head = new DataView(message.buffer)
  head.setUint32(0, frame)
  head.setUint32(4, Math.max(0, Math.min(0xffffff, Math.round(ageMs))))
  message.set(new Uint8Array(jpeg), 8)
  return message.buffer
}

/* One frame in flight; connects again by itself. */
export class Door {
  private socket: WebSocket | undefined
  private readonly handlers: Handlers
  private frame = 0
  private flying: { frame: number; takenAt: number } | undefined
  private wait = FIRST_WAIT_MS
  private timer: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(handlers: Handlers) {
    this.handlers = handlers
    this.connect()
  }

  private connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/kiosk/stream`)
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.wait = FIRST_WAIT_MS
      this.handlers.onLine(true)
    }
    socket.onmessage = (e: MessageEvent<string>) => this.hear(JSON.parse(e.data) as DoorAnswer)
    socket.onclose = () => this.lost()
  }

  private lost() {
    this.flying = undefined
    if (this.closed) return
    this.handlers.onLine(false)
    this.timer = setTimeout(() => this.connect(), this.wait)
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS)
  }

  private hear(answer: DoorAnswer) {
    if (answer.error?.type === '/problems/unauthenticated') {
      this.close()
      this.handlers.onOut()
      return
    }
    const flying = this.flying
    if (!flying || flying.frame !== answer.frame) return
    this.flying = undefined
    this.handlers.onAnswer(answer, performance.now() - flying.takenAt)
  }

  ready(now = performance.now()): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false
    if (this.flying && now - this.flying.takenAt > ANSWER_WITHIN_MS) this.flying = undefined
    return !this.flying
  }

  async send(jpeg: Blob, takenAt: number): Promise<void> {
    if (!this.ready(takenAt)) return
    this.frame = (this.frame + 1) >>> 0
    this.flying = { frame: this.frame, takenAt }
    const bytes = await jpeg.arrayBuffer()
    const message = doorMessage(this.frame, performance.now() - takenAt, bytes)
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message)
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
    this.socket?.close()
  }
}
