/* The camera's picture with a canvas over it, and the words for a camera that does not work. */
import { CameraOff, LoaderCircle, Video, VideoOff } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Camera } from '@/lib/camera'
import { cn } from '@/lib/cn'
import { Button } from './ui/button'
import { Select } from './ui/field'

type Props = {
  camera: Camera
  overlay: Ref<HTMLCanvasElement>
  mirrored?: boolean
  children?: ReactNode
}

const FAILED = {
  denied: 'camera.denied',
  missing: 'camera.missing',
  insecure: 'camera.insecure',
} as const

export function CameraView({ camera, overlay, mirrored = false, children }: Props) {
  const { t } = useTranslation()
  const { state } = camera
  const failed = state === 'denied' || state === 'missing' || state === 'insecure'
  return (
    <div className="relative aspect-[4/3] overflow-hidden rounded-xl bg-[#0a1a1e] text-white">
      <video
        ref={camera.video}
        muted
        playsInline
        aria-label={t('camera.preview')}
        className={cn(
          'absolute inset-0 size-full object-contain',
          mirrored && '-scale-x-100',
          state !== 'on' && 'invisible',
        )}
      />
      <canvas ref={overlay} aria-hidden className="absolute inset-0 size-full object-contain" />
      {state === 'starting' && (
        <LoaderCircle aria-hidden className="absolute inset-0 m-auto size-8 animate-spin" />
      )}
      {state === 'off' && (
        <div className="absolute inset-0 grid place-content-center justify-items-center gap-3 p-6 text-center text-white/80">
          <Video aria-hidden className="size-9" />
          <p className="max-w-64 text-sm">{t('camera.off')}</p>
        </div>
      )}
      {failed && (
        <div
          role="alert"
          className="absolute inset-0 grid place-content-center justify-items-center gap-3 p-6 text-center"
        >
          <CameraOff aria-hidden className="size-9" />
          <p className="max-w-72 text-sm">{t(FAILED[state])}</p>
        </div>
      )}
      {children}
    </div>
  )
}

export function CameraButtons({ camera, children }: { camera: Camera; children?: ReactNode }) {
  const { t } = useTranslation()
  const on = camera.state === 'on'
  return (
    <div className="flex flex-wrap items-center gap-2">
      {on ? (
        <Button onClick={camera.stop}>
          <VideoOff aria-hidden className="size-4" />
          {t('camera.stop')}
        </Button>
      ) : (
        <Button
          variant="primary"
          busy={camera.state === 'starting'}
          onClick={() => void camera.start()}
        >
          <Video aria-hidden className="size-4" />
          {t('camera.start')}
        </Button>
      )}
      {children}
      {on && camera.devices.length > 1 && (
        <Select
          aria-label={t('camera.which')}
          value={camera.deviceId}
          onChange={(e) => void camera.start(e.target.value)}
          className="w-auto min-w-0 max-w-44 flex-1"
        >
          {camera.devices.map((d, i) => (
            <option key={d.deviceId} value={d.deviceId}>
              {d.label || t('camera.nth', { n: i + 1 })}
            </option>
          ))}
        </Select>
      )}
    </div>
  )
}
