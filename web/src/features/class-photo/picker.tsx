/* One to five photos, from the phone's camera or from files. */
import { Camera, ImageUp, LoaderCircle, X } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { ProblemNote } from '@/components/problem-note'
import { Button, buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { cn } from '@/lib/cn'
import { PHOTO_TYPES } from '@/lib/photo'
import { keyOf } from './choices'

const MOST_PHOTOS = 5
const LARGEST_BYTES = 12 * 1024 * 1024
const LARGEST_SUM = 40 * 1024 * 1024

type Props = {
  busy: boolean
  error: unknown
  onSend: (photos: readonly File[]) => void
}

function Thumbnail({ file, busy, onDrop }: { file: File; busy: boolean; onDrop: () => void }) {
  const { t } = useTranslation()
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return (
    <li className="relative overflow-hidden rounded-lg border border-line">
      {url && <img src={url} alt={file.name} className="aspect-[4/3] w-full object-cover" />}
      {busy ? (
        <span className="absolute inset-0 grid place-items-center bg-black/40 text-white">
          <LoaderCircle aria-hidden className="size-8 animate-spin" />
        </span>
      ) : (
        <button
          type="button"
          onClick={onDrop}
          aria-label={t('classphoto.drop', { name: file.name })}
          className="absolute end-1 top-1 grid size-8 place-items-center rounded-full bg-panel shadow-card"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </li>
  )
}

export function Picker({ busy, error, onSend }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [photos, setPhotos] = useState<readonly File[]>([])
  const [problem, setProblem] = useState<unknown>()
  const full = photos.length >= MOST_PHOTOS

  const add = (list: FileList | null) => {
    const news = [...(list ?? [])].filter((f) => photos.every((p) => keyOf(p) !== keyOf(f)))
    const all = [...photos, ...news].slice(0, MOST_PHOTOS)
    const sum = all.reduce((n, f) => n + f.size, 0)
    const wrong = all.some((f) => f.size > LARGEST_BYTES) || sum > LARGEST_SUM
    setProblem(wrong ? new ApiProblem('too-large', 413) : undefined)
    if (!wrong) setPhotos(all)
  }
  const input = (name: string, more: { multiple?: true; capture?: 'environment' }) => (
    <input
      id={`${id}-${name}`}
      type="file"
      accept={PHOTO_TYPES}
      disabled={busy || full}
      className="sr-only"
      onChange={(e) => {
        add(e.target.files)
        e.target.value = ''
      }}
      {...more}
    />
  )
  return (
    <Card className="grid gap-4">
      <p className="text-muted">{t('classphoto.hint')}</p>
      {photos.length > 0 && (
        <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
          {photos.map((file) => (
            <Thumbnail
              key={keyOf(file)}
              file={file}
              busy={busy}
              onDrop={() => setPhotos(photos.filter((f) => f !== file))}
            />
          ))}
        </ul>
      )}
      <ProblemNote error={problem ?? error} />
      <div className="flex flex-wrap gap-3">
        <label
          htmlFor={`${id}-take`}
          className={cn(buttonClass('outline'), 'has-focus-visible:outline-2')}
        >
          <Camera aria-hidden className="size-4" />
          {t('classphoto.take')}
          {input('take', { capture: 'environment' })}
        </label>
        <label
          htmlFor={`${id}-pick`}
          className={cn(buttonClass('outline'), 'has-focus-visible:outline-2')}
        >
          <ImageUp aria-hidden className="size-4" />
          {t('classphoto.pick')}
          {input('pick', { multiple: true })}
        </label>
        <Button
          variant="primary"
          busy={busy}
          disabled={!photos.length}
          onClick={() => onSend(photos)}
        >
          {photos.length ? t('classphoto.send', { count: photos.length }) : t('classphoto.look')}
        </Button>
      </div>
      <p role="status" className={busy ? 'text-muted text-sm' : 'sr-only'}>
        {busy && t('classphoto.busy')}
      </p>
    </Card>
  )
}
