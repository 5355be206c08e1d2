/* One to five pictures by webcam or from files, looked at before they are sent. */
import { Camera as CameraIcon, ImageUp } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { useEnrol } from '@/api/queries/enrolment'
import { CameraButtons, CameraView } from '@/components/camera-view'
import { ProblemNote } from '@/components/problem-note'
import { Button, buttonClass } from '@/components/ui/button'
import { grab, useCamera } from '@/lib/camera'
import { cn } from '@/lib/cn'
import { drawFaces } from '@/lib/draw-faces'
import { PHOTO_TYPES, tooLarge } from '@/lib/photo'
import { toast } from '@/lib/toast'
import { Hints } from './hints'
import { useLiveCheck } from './live-check'
import { ShotResults, ShotStrip } from './shot-strip'
import { MOST_SHOTS, useShots } from './shots'

const WISH = { width: 1280, height: 960, facing: 'user' } as const
const JPEG_QUALITY = 0.92

function SelfView({ studentId, onShot }: { studentId: number; onShot: (blob: Blob) => void }) {
  const { t } = useTranslation()
  const camera = useCamera(WISH)
  const overlay = useRef<HTMLCanvasElement>(null)
  const on = camera.state === 'on'
  const seen = useLiveCheck(studentId, camera.video, on)
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
  const take = async () => {
    const el = camera.video.current
    const shot = el && (await grab(el, WISH.width, JPEG_QUALITY))
    if (shot) onShot(shot.blob)
  }
  return (
    <div className="grid max-w-2xl gap-3">
      <CameraView camera={camera} overlay={overlay} mirrored />
      <div aria-live="polite" className="min-h-6">
        {on && <Hints check={seen?.check} />}
      </div>
      <CameraButtons camera={camera}>
        {on && (
          <Button variant="primary" onClick={() => void take()}>
            <CameraIcon aria-hidden className="size-4" />
            {t('enrol.take')}
          </Button>
        )}
      </CameraButtons>
    </div>
  )
}

function FilePick({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <label htmlFor={id} className={cn(buttonClass('outline'), 'has-focus-visible:outline-2')}>
      <ImageUp aria-hidden className="size-4" />
      {t('enrol.files')}
      <input
        id={id}
        type="file"
        multiple
        accept={PHOTO_TYPES}
        className="sr-only"
        onChange={(e) => {
          onFiles([...(e.target.files ?? [])])
          e.target.value = ''
        }}
      />
    </label>
  )
}

export function EnrolPanel({ studentId, onClose }: { studentId: number; onClose: () => void }) {
  const { t } = useTranslation()
  const { shots, add, drop, clear } = useShots()
  const [problem, setProblem] = useState<unknown>()
  const enrol = useEnrol(studentId)
  const duplicate = enrol.error instanceof ApiProblem && enrol.error.slug === 'duplicate-person'
  const send = (acceptDuplicate: boolean) =>
    enrol.mutate(
      { photos: shots.map((s) => s.blob), acceptDuplicate },
      {
        onSuccess: (answer) => {
          clear()
          if (answer.enrolled) toast(t('enrol.done'), { tone: 'ok' })
        },
      },
    )
  return (
    <div className="grid gap-5 border-line border-t pt-5">
      <p className="text-muted text-sm">{t('enrol.how', { most: MOST_SHOTS })}</p>
      <SelfView studentId={studentId} onShot={(blob) => add([blob])} />
      <ShotStrip shots={shots} onDrop={drop} />
      <ShotResults result={enrol.data} error={enrol.error} />
      <ProblemNote error={problem ?? enrol.error} />
      <div className="flex flex-wrap gap-2">
        <FilePick
          onFiles={(files) => {
            const wrong = files.map(tooLarge).find(Boolean)
            setProblem(wrong)
            if (!wrong) add(files)
          }}
        />
        <Button
          variant="primary"
          disabled={shots.length === 0}
          busy={enrol.isPending}
          onClick={() => send(false)}
        >
          {t('enrol.send', { count: shots.length })}
        </Button>
        {duplicate && (
          <Button variant="danger" onClick={() => send(true)}>
            {t('enrol.anyway')}
          </Button>
        )}
        <Button variant="ghost" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  )
}
