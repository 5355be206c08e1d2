/* The webcam with an oval, hints in words and figures, and the three poses one after the other. */
import { Camera as CameraIcon, CircleCheck, CircleDashed, CircleDot } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CameraButtons, CameraView } from '@/components/camera-view'
import { Button } from '@/components/ui/button'
import { useCamera } from '@/lib/camera'
import { cn } from '@/lib/cn'
import { drawFaces } from '@/lib/draw-faces'
import { POSES, type Pose } from './enrol-best'
import { Hints } from './hints'
import { type Seen, useLiveCheck } from './live-check'

const WISH = { width: 1280, height: 960, facing: 'user' } as const

function PoseGuide({ done, wanted }: { done: readonly Pose[]; wanted: Pose | undefined }) {
  const { t } = useTranslation()
  return (
    <ol aria-label={t('coach.poses')} className="flex flex-wrap gap-2">
      {POSES.map((pose) => {
        const state = done.includes(pose) ? 'done' : pose === wanted ? 'now' : 'later'
        const Icon = { done: CircleCheck, now: CircleDot, later: CircleDashed }[state]
        return (
          <li
            key={pose}
            aria-current={state === 'now' ? 'step' : undefined}
            className={cn(
              'inline-flex items-center gap-1.5 rounded-full px-3 py-1 font-medium text-sm',
              state === 'done' && 'bg-ok-soft text-ok',
              state === 'now' && 'bg-soft text-accent',
              state === 'later' && 'bg-idle-soft text-idle',
            )}
          >
            <Icon aria-hidden className="size-4" />
            {t(`pose.${pose}`)}
            {state === 'done' && <span className="sr-only">{t('coach.taken')}</span>}
          </li>
        )
      })}
    </ol>
  )
}

/* Where the face should be; the picture shows through. */
function Oval({ good }: { good: boolean }) {
  return (
    <svg aria-hidden viewBox="0 0 400 300" className="absolute inset-0 size-full">
      <ellipse
        cx="200"
        cy="148"
        rx="82"
        ry="112"
        fill="none"
        strokeWidth="3"
        strokeDasharray={good ? undefined : '8 8'}
        className={good ? 'stroke-[#3ddc91]' : 'stroke-white/70'}
      />
    </svg>
  )
}

type Props = {
  studentId: number
  done: readonly Pose[]
  onSeen: (seen: Seen) => void
  onTake: (blob: Blob) => void
}

export function EnrolCoach({ studentId, done, onSeen, onTake }: Props) {
  const { t } = useTranslation()
  const camera = useCamera(WISH)
  const overlay = useRef<HTMLCanvasElement>(null)
  const on = camera.state === 'on'
  const complete = done.length === POSES.length
  const looking = on && !complete
  const seen = useLiveCheck({
    studentId,
    video: camera.video,
    on: looking,
    have: done,
    onSeen,
  })
  useEffect(() => {
    const canvas = overlay.current
    if (!canvas) return
    if (!seen?.check.box) {
      drawFaces(canvas, [], { width: canvas.width, height: canvas.height })
      return
    }
    const { width, height } = seen.shot
    drawFaces(
      canvas,
      [{ box: seen.check.box, label: '', tone: seen.check.ok ? 'match' : 'doubt' }],
      { width, height, mirrored: true },
    )
  }, [seen])
  const good = !!seen?.check.ok && seen.check.hints.length === 0
  return (
    <div className="grid max-w-2xl gap-3">
      <PoseGuide done={done} wanted={POSES.find((p) => !done.includes(p))} />
      <CameraView camera={camera} overlay={overlay} mirrored>
        {looking && <Oval good={good} />}
      </CameraView>
      <div aria-live="polite" className="min-h-6">
        {looking && <Hints check={seen?.check} />}
        {complete && <p className="font-medium text-ok">{t('coach.complete')}</p>}
      </div>
      <CameraButtons camera={camera}>
        {on && (
          <Button disabled={!seen?.check.ok} onClick={() => seen && onTake(seen.shot.blob)}>
            <CameraIcon aria-hidden className="size-4" />
            {t('enrol.take')}
          </Button>
        )}
      </CameraButtons>
      {on && <p className="text-muted text-sm">{t('coach.cannotTurn')}</p>}
    </div>
  )
}
