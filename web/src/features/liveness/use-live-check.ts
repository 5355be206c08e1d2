/* One check-in after the other: open, show frames, hear what to do, until there is a result. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiProblem, slugOf } from '@/api/problem'
import { type LiveReply, type LiveResult, openLive } from '@/api/queries/liveness'
import { type Camera, grab } from '@/lib/camera'
import { LiveLine } from './live-line'

const WIDTH = 640
const QUALITY = 0.8
const EVERY_MS = 80

export type LivePhase = 'idle' | 'running' | 'done' | 'problem'

export function useLiveCheck(sessionId: number, camera: Camera, onMarked: () => void) {
  const [phase, setPhase] = useState<LivePhase>('idle')
  const [reply, setReply] = useState<LiveReply>()
  const [result, setResult] = useState<LiveResult>()
  const [error, setError] = useState<unknown>()
  const line = useRef<LiveLine>(undefined)
  const marked = useRef(onMarked)
  marked.current = onMarked
  const { start, stop, state, video } = camera
  const on = state === 'on'

  const begin = useCallback(() => {
    setReply(undefined)
    setResult(undefined)
    setError(undefined)
    setPhase('running')
    void start()
  }, [start])

  useEffect(() => {
    if (phase !== 'running' || !on) return
    let over = false
    const fail = (why: unknown) => {
      if (over) return
      over = true
      setError(why)
      setPhase('problem')
      stop()
    }
    const hear = (heard: LiveReply) => {
      if (over) return
      if (heard.error && heard.error.type !== '/problems/image-invalid') {
        fail(new ApiProblem(slugOf(heard.error.type), 0))
        return
      }
      setReply(heard)
      if (!heard.result) return
      over = true
      setResult(heard.result)
      setPhase('done')
      if (heard.result.state === 'passed') marked.current()
      stop()
    }
    openLive(sessionId).then((live) => {
      if (over) return
      const lost = () => fail(new ApiProblem('network', 0))
      line.current = new LiveLine(live, { onReply: hear, onLost: lost })
    }, fail)
    const timer = setInterval(() => {
      const el = video.current
      if (!el || !line.current?.ready()) return
      void grab(el, WIDTH, QUALITY).then((shot) => shot && line.current?.send(shot.blob))
    }, EVERY_MS)
    return () => {
      over = true
      clearInterval(timer)
      line.current?.close()
      line.current = undefined
    }
  }, [phase, on, sessionId, stop, video])

  return { phase, reply, result, error, begin }
}
