/* The photos as this device has them, with a box around each face. They are not on the server. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhotoPerson, Proposal } from '@/api/queries/class-photo'
import { type DrawnFace, drawFaces, type FaceTone } from '@/lib/draw-faces'
import { keyOf } from './choices'

const MOST_PIXELS = 1600

function boxesOf(people: readonly PhotoPerson[], photo: number, k: number, tone: FaceTone) {
  return people.flatMap(({ faces }) =>
    faces
      .filter((f) => f.photo === photo)
      .map(({ box: b }): DrawnFace => {
        const box = { x: b.x * k, y: b.y * k, width: b.width * k, height: b.height * k }
        return { box, label: '', tone }
      }),
  )
}

function OnePhoto({ file, proposal, photo }: { file: File; proposal: Proposal; photo: number }) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [url, setUrl] = useState<string>()
  const picture = proposal.photos[photo]

  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  useEffect(() => {
    if (!canvas.current || !picture) return
    const k = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height))
    const faces = [
      ...boxesOf(proposal.unknown, photo, k, 'unknown'),
      ...boxesOf(proposal.unsure, photo, k, 'doubt'),
      ...boxesOf(proposal.sure, photo, k, 'match'),
    ]
    drawFaces(canvas.current, faces, {
      width: Math.round(picture.width * k),
      height: Math.round(picture.height * k),
    })
  }, [picture, proposal, photo])

  if (!picture) return null
  const text = t('classphoto.photo', { number: photo + 1, count: picture.faces })
  return (
    <figure className="grid gap-1">
      <div className="relative overflow-hidden rounded-xl bg-[#0a1a1e]">
        {url && <img src={url} alt={text} className="w-full" />}
        <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />
      </div>
      <figcaption className="text-muted text-sm">
        {text}
        {picture.more_faces > 0 && (
          <span className="block">{t('photo.more', { count: picture.more_faces })}</span>
        )}
      </figcaption>
    </figure>
  )
}

export function Overview({ files, proposal }: { files: readonly File[]; proposal: Proposal }) {
  if (files.length !== proposal.photos.length) return null
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {files.map((file, i) => (
        <OnePhoto key={keyOf(file)} file={file} proposal={proposal} photo={i} />
      ))}
    </div>
  )
}
