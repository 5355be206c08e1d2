/* A photo of one learner or of the whole class, marked by the faces in it. */
import { ImageUp } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMarkByPhoto } from '@/api/queries/attendance'
import { ProblemNote } from '@/components/problem-note'
import { buttonClass } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { cn } from '@/lib/cn'
import { drawFaces } from '@/lib/draw-faces'
import { useFormat } from '@/lib/format'
import { dirOf } from '@/lib/i18n'
import { PHOTO_TYPES, tooLarge } from '@/lib/photo'
import { useUi } from '@/lib/ui-store'
import { FaceList } from './face-list'
import { drawn, whyOf } from './seen-face'

export function PhotoPanel({ sessionId }: { sessionId: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lang = useUi((s) => s.lang)
  const id = useId()
  const [single, setSingle] = useState(false)
  const [url, setUrl] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const mark = useMarkByPhoto(sessionId)
  const answer = mark.data

  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url])
  useEffect(() => {
    if (!canvas.current || !answer) return
    const faces = answer.faces.map((face) => drawn(t, face))
    drawFaces(canvas.current, faces, { ...answer, rtl: dirOf(lang) === 'rtl' })
  }, [answer, t, lang])

  const take = (file: File | undefined) => {
    if (!file) return
    const wrong = tooLarge(file)
    setProblem(wrong)
    if (wrong) return
    setUrl(URL.createObjectURL(file))
    mark.mutate({ photo: file, single })
  }

  return (
    <div className="grid gap-3">
      {url && (
        <div className="relative overflow-hidden rounded-xl bg-[#0a1a1e]">
          <img src={url} alt={t('photo.preview')} className="w-full" />
          {answer && <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />}
        </div>
      )}
      {mark.isPending && <Skeleton className="h-12" />}
      <ProblemNote error={problem ?? mark.error} />
      <div className="flex flex-wrap items-center gap-3">
        <label htmlFor={id} className={cn(buttonClass('primary'), 'has-focus-visible:outline-2')}>
          <ImageUp aria-hidden className="size-4" />
          {t(url ? 'photo.another' : 'photo.choose')}
          <input
            id={id}
            type="file"
            accept={PHOTO_TYPES}
            className="sr-only"
            onChange={(e) => {
              take(e.target.files?.[0])
              e.target.value = ''
            }}
          />
        </label>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={single}
            onChange={(e) => setSingle(e.target.checked)}
            className="size-4 accent-(--accent)"
          />
          {t('photo.single')}
        </label>
      </div>
      {!url && <p className="text-muted text-sm">{t('photo.hint')}</p>}
      {answer?.outcome && (
        <p role="status" className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          {whyOf(answer.outcome, lang)}
        </p>
      )}
      {answer && (
        <FaceList
          faces={answer.faces}
          title={t('photo.found', {
            count: answer.faces.length,
            time: format.number(Math.round(answer.ms)),
          })}
        />
      )}
      {answer && answer.more_faces > 0 && (
        <p role="status" className="text-muted text-sm">
          {t('photo.more', { count: answer.more_faces })}
        </p>
      )}
    </div>
  )
}
