import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FrameStream, frameMessage } from '@/features/register/frame-stream'

class FakeSocket {
  static readonly OPEN = 1
  static last: FakeSocket
  static made = 0
  readyState = 0
  binaryType = ''
  sent: ArrayBuffer[] = []
  onopen?: () => void
  onmessage?: (e: { data: string }) => void
  onclose?: () => void
  readonly url: string
  constructor(url: string) {
    this.url = url
    FakeSocket.last = this
    FakeSocket.made++
  }
  open() {
    this.readyState = 1
    this.onopen?.()
  }
  answer(body: unknown) {
    this.onmessage?.({ data: JSON.stringify(body) })
  }
  send(data: ArrayBuffer) {
    this.sent.push(data)
  }
  close() {
    this.readyState = 3
  }
}

const handlers = () => ({ onFaces: vi.fn(), onProblem: vi.fn(), onState: vi.fn() })
const jpeg = () => new Blob([new Uint8Array([0xff, 0xd8])])
const numberOf = (m: ArrayBuffer | undefined) => m && new DataView(m).getUint32(0)

beforeEach(() => {
  FakeSocket.made = 0
  vi.stubGlobal('WebSocket', FakeSocket)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function opened(h = handlers()) {
  const stream = new FrameStream(7, h)
  await vi.waitFor(() => expect(FakeSocket.made).toBe(1), { timeout: 30_000 })
  FakeSocket.last.open()
  return { stream, socket: FakeSocket.last, h }
}

describe('frame stream', () => {
  it('writes the number big-endian before the picture', () => {
    const message = new Uint8Array(frameMessage(0x01020304, new Uint8Array([9, 8]).buffer))
    expect([...message]).toEqual([1, 2, 3, 4, 9, 8])
  })

  it('has one frame in flight', async () => {
    const { stream, socket, h } = await opened()
    expect(socket.url).toContain('/api/v1/sessions/7/attendance/stream')
    await stream.send(jpeg(), performance.now())
    await stream.send(jpeg(), performance.now())
    expect(socket.sent.map(numberOf)).toEqual([1])
    socket.answer({ frame: 1, result: { width: 640, height: 480, faces: [], ms: 5 }, error: null })
    expect(h.onFaces).toHaveBeenCalledOnce()
    await stream.send(jpeg(), performance.now())
    expect(socket.sent.map(numberOf)).toEqual([1, 2])
  })

  it('ignores answers to frames it no longer waits for', async () => {
    const { stream, socket, h } = await opened()
    await stream.send(jpeg(), performance.now())
    socket.answer({ frame: 99, result: { width: 640, height: 480, faces: [], ms: 5 }, error: null })
    expect(h.onFaces).not.toHaveBeenCalled()
    expect(stream.ready()).toBe(false)
  })

  it('goes on when an answer never comes', async () => {
    const { stream } = await opened()
    const before = performance.now()
    await stream.send(jpeg(), performance.now())
    expect(stream.ready(before + 3000)).toBe(false)
    expect(stream.ready(performance.now() + 5000)).toBe(true)
  })

  it('tells problems of a frame', async () => {
    const { stream, socket, h } = await opened()
    await stream.send(jpeg(), performance.now())
    socket.answer({ frame: 1, result: null, error: { type: '/problems/session-not-open' } })
    expect(h.onProblem).toHaveBeenCalledWith('/problems/session-not-open')
    expect(stream.ready()).toBe(true)
  })

  it('connects again when the line breaks, and not after closing', async () => {
    const { stream, socket, h } = await opened()
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}')))
    vi.useFakeTimers()
    socket.onclose?.()
    expect(h.onState).toHaveBeenLastCalledWith('lost')
    await vi.advanceTimersByTimeAsync(600)
    expect(FakeSocket.made).toBe(2)
    stream.close()
    FakeSocket.last.onclose?.()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(FakeSocket.made).toBe(2)
  })
})
