/* The webcam as a hook: start, stop, choose; every reason it may not work has a name. */
import { useCallback, useEffect, useRef, useState } from 'react'

export type CameraState = 'off' | 'starting' | 'on' | 'denied' | 'missing' | 'insecure'

type Wish = { width: number; height: number; facing: 'user' | 'environment' }

function whyNot(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : ''
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'denied'
}

export function useCamera({ width, height, facing }: Wish) {
  const video = useRef<HTMLVideoElement>(null)
  const stream = useRef<MediaStream | null>(null)
  const [state, setState] = useState<CameraState>('off')
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([])
  const [deviceId, setDeviceId] = useState('')

  const stop = useCallback(() => {
    for (const track of stream.current?.getTracks() ?? []) track.stop()
    stream.current = null
    setState('off')
  }, [])

  const start = useCallback(
    async (chosen = '') => {
      for (const track of stream.current?.getTracks() ?? []) track.stop()
      if (!navigator.mediaDevices) {
        setState('insecure')
        return
      }
      setState('starting')
      try {
        const device = chosen ? { deviceId: { exact: chosen } } : { facingMode: facing }
        stream.current = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: { ...device, width: { ideal: width }, height: { ideal: height } },
        })
        const all = await navigator.mediaDevices.enumerateDevices()
        setDevices(all.filter((d) => d.kind === 'videoinput'))
        setDeviceId(stream.current.getVideoTracks()[0]?.getSettings().deviceId ?? '')
        const el = video.current
        if (!el) {
          stop()
          return
        }
        el.srcObject = stream.current
        await el.play()
        setState('on')
      } catch (error) {
        setState(whyNot(error))
      }
    },
    [facing, width, height, stop],
  )

  useEffect(
    () => () => {
      for (const track of stream.current?.getTracks() ?? []) track.stop()
    },
    [],
  )

  return { video, state, start, stop, devices, deviceId }
}

export type Camera = ReturnType<typeof useCamera>

export type Shot = { blob: Blob; width: number; height: number; takenAt: number }

/* One JPEG of what the camera sees, at most `maxWidth` wide; null before the first picture. */
export async function grab(
  video: HTMLVideoElement,
  maxWidth: number,
  quality: number,
): Promise<Shot | null> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null
  const scale = Math.min(1, maxWidth / video.videoWidth)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(video.videoWidth * scale)
  canvas.height = Math.round(video.videoHeight * scale)
  const takenAt = performance.now()
  canvas.getContext('2d', { alpha: false })?.drawImage(video, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((done) => {
    canvas.toBlob(done, 'image/jpeg', quality)
  })
  return blob && { blob, width: canvas.width, height: canvas.height, takenAt }
}
