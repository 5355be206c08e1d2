/* The trainer's camera: frames go out four times a second, boxes and names come back over the picture. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { putRecord } from '@/api/live'
import { ApiProblem, slugOf } from '@/api/problem'
import type { SeenFace } from '@/api/types'
import { CameraButtons, CameraView } from '@/components/camera-view'
import { grab, useCamera } from '@/lib/camera'
import { drawFaces } from '@/lib/draw-faces'
import { dirOf } from '@/lib/i18n'
import { problemText } from '@/lib/problem-text'
import { useUi } from '@/lib/ui-store'
import { FaceList } from './face-list'
import { FrameStream, type StreamState } from './frame-stream'
import { drawn, rememberFaces, whyOf } from './seen-face'

const FRAME = { width: 640, height: 480, facing: 'environment' } as const
const EVERY_MS = 250
const JPEG_QUALITY = 0.8
const STALE_MS = 500
const REMEMBERED = 6

export function CameraPanel({ sessionId }: { sessionId: number }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const camera = useCamera(FRAME)
  const overlay = useRef<HTMLCanvasElement>(null)
  const [line, setLine] = useState<StreamState>('connecting')
  const [problem, setProblem] = useState<string>()
  const [why, setWhy] = useState<string>()
  const [seen, setSeen] = useState<readonly SeenFace[]>([])
  const on = camera.state === 'on'
  const video = camera.video

  useEffect(() => {
    if (!on) return
    const canvas = overlay.current
    let fading: ReturnType<typeof setTimeout> | undefined
    const size = () => ({ width: canvas?.width ?? 0, height: canvas?.height ?? 0 })
    const clear = () => canvas && drawFaces(canvas, [], size())
    const stream = new FrameStream(sessionId, {
      onState: setLine,
      onProblem: (type) => setProblem(slugOf(type)),
      onFaces: (answer, ageMs) => {
        setProblem(undefined)
        for (const face of answer.faces) if (face.record) putRecord(face.record)
        setSeen((old) => rememberFaces(old, answer.faces, REMEMBERED))
        const nobody = answer.outcome?.decision === 'no_consent'
        setWhy(nobody && answer.outcome ? whyOf(answer.outcome, lang) : undefined)
        if (!canvas || ageMs > STALE_MS) return
        const faces = answer.faces.map((face) => drawn(t, face))
        drawFaces(canvas, faces, { ...answer, rtl: dirOf(lang) === 'rtl' })
        clearTimeout(fading)
        fading = setTimeout(clear, STALE_MS)
      },
    })
    const timer = setInterval(() => {
      const el = video.current
      if (!el || !stream.ready()) return
      void grab(el, FRAME.width, JPEG_QUALITY).then((shot) => {
        if (shot) void stream.send(shot.blob, shot.takenAt)
      })
    }, EVERY_MS)
    return () => {
      clearInterval(timer)
      clearTimeout(fading)
      stream.close()
      clear()
    }
  }, [on, sessionId, video, t, lang])

  return (
    <div className="grid gap-3">
      <CameraView camera={camera} overlay={overlay}>
        {on && (
          <span className="absolute start-2 top-2 flex items-center gap-1.5 rounded-full bg-black/60 px-2.5 py-1 font-medium text-xs">
            <svg aria-hidden="true" viewBox="0 0 8 8" className="size-2">
              <circle cx="4" cy="4" r="4" fill={line === 'live' ? '#3ddc91' : '#ffc65c'} />
            </svg>
            {t(`stream.${line}`)}
          </span>
        )}
      </CameraView>
      {problem && on && (
        <p role="alert" className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          {problemText(t, new ApiProblem(problem, 0))}
        </p>
      )}
      {why && on && (
        <p role="status" className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          {why}
        </p>
      )}
      <CameraButtons camera={camera} />
      <p className="text-muted text-sm">{t('camera.privacy')}</p>
      {seen.length > 0 && <FaceList faces={seen} title={t('camera.seen')} />}
    </div>
  )
}
