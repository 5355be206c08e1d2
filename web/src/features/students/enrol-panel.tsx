/* Pictures by webcam or from files, looked at before they are sent. */
import { Link } from '@tanstack/react-router'
import { ImageUp } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { useEnrol } from '@/api/queries/enrolment'
import { ProblemNote } from '@/components/problem-note'
import { Button, buttonClass } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { PHOTO_TYPES, tooLarge } from '@/lib/photo'
import { toast } from '@/lib/toast'
import { donePoses, type Looks, withLook, withoutPose } from './enrol-best'
import { EnrolCoach } from './enrol-coach'
import type { Seen } from './live-check'
import { ShotResults, ShotStrip } from './shot-strip'
import { ENOUGH_SHOTS, isEnough, sourceOf, useShots } from './shots'

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

/* The pictures and the poses that were seen often enough, which go together. */
function useCapture() {
  const { shots, add, keep, drop, clear } = useShots()
  const [looks, setLooks] = useState<Looks>({})
  const onSeen = ({ check, shot }: Seen) => {
    const next = withLook(looks, check)
    setLooks(next.looks)
    if (next.keep) keep(shot.blob, next.keep)
  }
  const remove = (id: number) => {
    const pose = shots.find((s) => s.id === id)?.pose
    if (pose) setLooks((old) => withoutPose(old, pose))
    drop(id)
  }
  const reset = () => {
    clear()
    setLooks({})
  }
  return { shots, add, onSeen, remove, reset, done: donePoses(looks) }
}

function Duplicate({ onAccept }: { onAccept: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <Link to="/faces" className={buttonClass('outline')}>
        {t('coach.toCases')}
      </Link>
      <Button variant="danger" onClick={onAccept}>
        {t('enrol.anyway')}
      </Button>
    </>
  )
}

export function EnrolPanel({ studentId, onClose }: { studentId: number; onClose: () => void }) {
  const { t } = useTranslation()
  const { shots, add, onSeen, remove, reset, done } = useCapture()
  const [problem, setProblem] = useState<unknown>()
  const enrol = useEnrol(studentId)
  const duplicate = enrol.error instanceof ApiProblem && enrol.error.slug === 'duplicate-person'
  const source = sourceOf(shots)
  const send = (acceptDuplicate: boolean) =>
    enrol.mutate(
      { photos: shots.map((s) => s.blob), source, acceptDuplicate },
      {
        onSuccess: (answer) => {
          reset()
          if (answer.enrolled) toast(t('enrol.done'), { tone: 'ok' })
        },
      },
    )
  return (
    <div className="grid gap-5 border-line border-t pt-5">
      <p className="text-muted text-sm">{t('coach.how')}</p>
      <EnrolCoach
        studentId={studentId}
        done={done}
        onSeen={onSeen}
        onTake={(blob) => add([blob], 'webcam')}
      />
      <ShotStrip shots={shots} onDrop={remove} />
      {shots.length > 0 && !isEnough(shots) && (
        <p className="text-muted text-sm">{t('coach.tooFew', { least: ENOUGH_SHOTS })}</p>
      )}
      {shots.length > 0 && isEnough(shots) && shots.length < ENOUGH_SHOTS && (
        <p className="rounded-lg bg-warn-soft px-4 py-2.5 text-warn">{t('coach.low')}</p>
      )}
      <ShotResults result={enrol.data} error={enrol.error} />
      <ProblemNote error={problem ?? enrol.error} />
      <div className="flex flex-wrap gap-2">
        <FilePick
          onFiles={(files) => {
            const wrong = files.map(tooLarge).find(Boolean)
            setProblem(wrong)
            if (!wrong) add(files, 'file')
          }}
        />
        <Button
          variant="primary"
          disabled={shots.length === 0 || !isEnough(shots)}
          busy={enrol.isPending}
          onClick={() => send(false)}
        >
          {t('enrol.send', { count: shots.length })}
        </Button>
        {duplicate && <Duplicate onAccept={() => send(true)} />}
        <Button variant="ghost" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  )
}
