/* The camera while a session is open: boxes over the picture, greetings beside it. */
import { CircleCheck, Info } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Door, type DoorAnswer, type KioskSession } from '@/api/kiosk'
import { Select } from '@/components/ui/field'
import { grab, useCamera } from '@/lib/camera'
import { drawFaces } from '@/lib/draw-faces'
import { dirOf } from '@/lib/i18n'
import { useUi } from '@/lib/ui-store'
import { useClock } from './clock'
import { drawn, type Greeting, greet } from './greetings'

const FRAME = { width: 640, height: 480, facing: 'user' } as const
const EVERY_MS = 100
const JPEG_QUALITY = 0.8
const STALE_MS = 700
const RETRY_MS = 5000
const CHOICE = 'sp-kiosk-camera'

/* On by itself, with the camera that was chosen last. */
function useDoorCamera() {
  const camera = useCamera(FRAME)
  const { state, start } = camera
  useEffect(() => void start(localStorage.getItem(CHOICE) ?? ''), [start])
  useEffect(() => {
    if (state !== 'missing' && state !== 'denied') return
    const timer = setTimeout(() => void start(), RETRY_MS)
    return () => clearTimeout(timer)
  }, [state, start])
  const choose = (id: string) => {
    localStorage.setItem(CHOICE, id)
    void start(id)
  }
  return { camera, choose }
}

function GreetingLine({
  greeting,
  session,
}: {
  greeting: Greeting
  session: KioskSession | undefined
}) {
  const clock = useClock(session)
  const ok = greeting.tone === 'ok'
  const Icon = ok ? CircleCheck : Info
  return (
    <li
      data-greeting={greeting.tone}
      className={`flex items-start gap-3 rounded-2xl p-4 ${ok ? 'bg-ok-soft text-ok' : 'bg-warn-soft text-warn'}`}
    >
      <Icon aria-hidden className="mt-1 size-8 shrink-0" />
      <p className={ok ? 'text-2xl sm:text-3xl' : 'text-xl'}>
        {greeting.name && <bdi className="block font-bold">{greeting.name}</bdi>}
        {greeting.text}
        {greeting.markedAt && <span className="tabular-nums"> {clock(greeting.markedAt)}</span>}
      </p>
    </li>
  )
}

type Props = { session: KioskSession | undefined; onStale: () => void }

export function DoorCamera({ session, onStale }: Props) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const { camera, choose } = useDoorCamera()
  const overlay = useRef<HTMLCanvasElement>(null)
  const stale = useRef(onStale)
  stale.current = onStale
  const [live, setLive] = useState(true)
  const [greetings, setGreetings] = useState<readonly Greeting[]>([])
  const [why, setWhy] = useState<string>()
  const on = camera.state === 'on'
  const video = camera.video

  useEffect(() => {
    if (!on) return
    const canvas = overlay.current
    const size = { width: canvas?.width ?? 0, height: canvas?.height ?? 0 }
    const hear = ({ result, error }: DoorAnswer, ageMs: number) => {
      if (error?.type === '/problems/session-not-open') stale.current()
      if (!result) return
      setGreetings((old) => greet(t, lang, old, result, performance.now()))
      setWhy(result.outcome?.decision === 'no_consent' ? result.outcome.why[lang] : undefined)
      if (!canvas || ageMs > STALE_MS) return
      const { width, height } = result
      const faces = result.faces.map((face) => drawn(t, face))
      drawFaces(canvas, faces, { width, height, mirrored: true, rtl: dirOf(lang) === 'rtl' })
    }
    const door = new Door({ onAnswer: hear, onLine: setLive, onOut: () => stale.current() })
    const timer = setInterval(() => {
      const el = video.current
      if (!el || !door.ready()) return
      void grab(el, FRAME.width, JPEG_QUALITY).then((shot) => {
        if (shot) void door.send(shot.blob, shot.takenAt)
      })
    }, EVERY_MS)
    return () => {
      clearInterval(timer)
      door.close()
      if (canvas) drawFaces(canvas, [], size)
    }
  }, [on, video, t, lang])

  const failed =
    camera.state === 'denied' || camera.state === 'missing' || camera.state === 'insecure'
  return (
    <div className="grid content-start gap-4 p-4 sm:p-6 lg:grid-cols-[minmax(0,2fr)_minmax(18rem,1fr)]">
      <div className="relative aspect-[4/3] max-h-[70dvh] w-full overflow-hidden rounded-2xl bg-[#0a1a1e] text-white">
        <video
          ref={camera.video}
          muted
          playsInline
          aria-label={t('kiosk.preview')}
          className="absolute inset-0 size-full -scale-x-100 object-contain"
        />
        <canvas ref={overlay} aria-hidden className="absolute inset-0 size-full object-contain" />
        {failed && (
          <p
            role="alert"
            className="absolute inset-0 grid place-content-center p-6 text-center text-xl"
          >
            {t('kiosk.noCamera')}
          </p>
        )}
      </div>
      <section aria-label={t('kiosk.greetings')} className="grid content-start gap-3">
        <p className="text-muted text-xl">{live ? t('kiosk.look') : t('kiosk.lost')}</p>
        {why && <p className="rounded-2xl bg-warn-soft p-4 text-warn text-xl">{why}</p>}
        <ul aria-live="polite" className="grid gap-3">
          {greetings.map((g) => (
            <GreetingLine key={g.track} greeting={g} session={session} />
          ))}
        </ul>
        {camera.devices.length > 1 && (
          <Select
            aria-label={t('kiosk.camera')}
            value={camera.deviceId}
            onChange={(e) => choose(e.target.value)}
            className="max-w-72"
          >
            {camera.devices.map((d, i) => (
              <option key={d.deviceId} value={d.deviceId}>
                {d.label || t('kiosk.nth', { n: i + 1 })}
              </option>
            ))}
          </Select>
        )}
      </section>
    </div>
  )
}
