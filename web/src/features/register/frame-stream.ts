/*
 * Frames to the server over one WebSocket: four bytes of big-endian frame number, then the JPEG. One
 * frame is in flight at a time, so a slow server slows the camera down instead of piling up.
 */
import { checkLogin } from '@/api/client'
import { ensureFresh } from '@/api/session'
import type { Faces, FrameAnswer } from '@/api/types'

export type StreamState = 'connecting' | 'live' | 'lost'

type Handlers = {
  onFaces: (faces: Faces, ageMs: number) => void
  onProblem: (type: string) => void
  onState: (state: StreamState) => void
}

const ANSWER_WITHIN_MS = 4000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 8000

/* The message of one frame, as the server reads it. */
export function frameMessage(frame: number, jpeg: ArrayBuffer): ArrayBuffer {
  const message = new Uint8Array(4 + jpeg.byteLength)
  new DataView(message.buffer).setUint32(0, frame)
  message.set(new Uint8Array(jpeg), 4)
  return message.buffer
}

export class FrameStream {
  private socket: WebSocket | undefined
  private readonly url: string
  private readonly handlers: Handlers
  private frame = 0
  private flying: { frame: number; takenAt: number } | undefined
  private wait = FIRST_WAIT_MS
  private timer: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(sessionId: number, handlers: Handlers) {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    this.url = `${scheme}://${location.host}/api/v1/sessions/${sessionId}/attendance/stream`
    this.handlers = handlers
    void this.connect()
  }

  private async connect(again = false) {
    this.handlers.onState('connecting')
    if (again) await checkLogin()
    else await ensureFresh()
    if (this.closed) return
    const socket = new WebSocket(this.url)
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.wait = FIRST_WAIT_MS
      this.handlers.onState('live')
    }
    socket.onmessage = (e: MessageEvent<string>) => this.hear(JSON.parse(e.data) as FrameAnswer)
    socket.onclose = () => this.lost()
  }

  private lost() {
    this.flying = undefined
    if (this.closed) return
    this.handlers.onState('lost')
    this.timer = setTimeout(() => void this.connect(true), this.wait)
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS)
  }

  private hear(answer: FrameAnswer) {
    const flying = this.flying
    if (!flying || flying.frame !== answer.frame) return
    this.flying = undefined
    const ageMs = performance.now() - flying.takenAt
    if (answer.error) this.handlers.onProblem(answer.error.type)
    else if (answer.result) this.handlers.onFaces(answer.result, ageMs)
  }

  /* Whether the next frame may be taken now. */
  ready(now = performance.now()): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false
    if (this.flying && now - this.flying.takenAt > ANSWER_WITHIN_MS) this.flying = undefined
    return !this.flying
  }

  async send(jpeg: Blob, takenAt: number): Promise<void> {
    if (!this.ready(takenAt)) return
    this.frame = (this.frame + 1) >>> 0
    this.flying = { frame: this.frame, takenAt }
    const message = frameMessage(this.frame, await jpeg.arrayBuffer())
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message)
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
    this.socket?.close()
  }
}
