/*
 * Frames of one check-in to the server: the nonce first, then one frame in flight at a time. The
 * frames are as the camera takes them; only the preview is mirrored.
 */

import type { LiveOpened, LiveReply } from '@/api/queries/liveness'
import { ensureFresh } from '@/api/session'

type Handlers = { onReply: (reply: LiveReply) => void; onLost: () => void }

const NUMBER_BYTES = 4

function frameMessage(frame: number, jpeg: ArrayBuffer): ArrayBuffer {
  const message = new Uint8Array(NUMBER_BYTES + jpeg.byteLength)
  new DataView(message.buffer).setUint32(0, frame)
  message.set(new Uint8Array(jpeg), NUMBER_BYTES)
  return message.buffer
}

export class LiveLine {
  private socket: WebSocket | undefined
  private frame = 0
  private waiting = true
  private ended = false
  private readonly live: LiveOpened
  private readonly handlers: Handlers

  constructor(live: LiveOpened, handlers: Handlers) {
    this.live = live
    this.handlers = handlers
    void this.connect()
  }

  private async connect() {
    await ensureFresh()
    if (this.ended) return
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const path = `/api/v1/liveness-sessions/${this.live.id}/stream`
    const socket = new WebSocket(`${scheme}://${location.host}${path}`)
    this.socket = socket
    socket.onopen = () => socket.send(JSON.stringify({ nonce: this.live.nonce }))
    socket.onmessage = (e: MessageEvent<string>) => this.hear(JSON.parse(e.data) as LiveReply)
    socket.onclose = () => {
      if (!this.ended) this.handlers.onLost()
    }
  }

  private hear(reply: LiveReply) {
    this.waiting = false
    if (reply.result) this.close()
    this.handlers.onReply(reply)
  }

  ready(): boolean {
    return !this.waiting && !this.ended && this.socket?.readyState === WebSocket.OPEN
  }

  async send(jpeg: Blob): Promise<void> {
    if (!this.ready()) return
    this.waiting = true
    this.frame += 1
    const message = frameMessage(this.frame, await jpeg.arrayBuffer())
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message)
  }

  close() {
    this.ended = true
    this.socket?.close()
  }
}
