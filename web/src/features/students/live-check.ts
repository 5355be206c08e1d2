/* Asks the server twice a second what it thinks of the face in front of the camera. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import { checkShot } from '@/api/queries/enrolment'
import type { EnrolmentCheck } from '@/api/types'
import { grab, type Shot } from '@/lib/camera'

const EVERY_MS = 500
const MAX_WIDTH = 1280
const JPEG_QUALITY = 0.92

export type Seen = { check: EnrolmentCheck; shot: Shot }

type Options = {
  studentId: number
  video: RefObject<HTMLVideoElement | null>
  on: boolean
  have: readonly string[]
  onSeen: (seen: Seen) => void
}

export function useLiveCheck({ studentId, video, on, have, onSeen }: Options): Seen | undefined {
  const [seen, setSeen] = useState<Seen>()
  const now = useRef({ have, onSeen })
  now.current = { have, onSeen }
  useEffect(() => {
    if (!on) {
      setSeen(undefined)
      return
    }
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      const startedAt = performance.now()
      const shot = video.current && (await grab(video.current, MAX_WIDTH, JPEG_QUALITY))
      if (shot) {
        const check = await checkShot(studentId, shot.blob, now.current.have, stop.signal).catch(
          () => undefined,
        )
        if (check && !stop.signal.aborted) {
          setSeen({ check, shot })
          now.current.onSeen({ check, shot })
        }
      }
      if (stop.signal.aborted) return
      timer = setTimeout(look, Math.max(0, EVERY_MS - (performance.now() - startedAt)))
    }
    void look()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [studentId, video, on])
  return seen
}
