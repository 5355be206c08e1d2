/* The pictures taken so far; their addresses are freed with them. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Pose } from './enrol-best'

export const MOST_SHOTS = 5
/* What a standard enrolment by webcam needs. */
export const ENOUGH_SHOTS = 3

export type Taken = 'webcam' | 'file'
export type TakenShot = { id: number; blob: Blob; url: string; by: Taken; pose?: Pose }
export type Source = 'webcam' | 'id_photo' | 'photos'

let next = 1

/* One photo alone is taken for an ID photo: it counts less. */
export function sourceOf(shots: readonly Pick<TakenShot, 'by'>[]): Source {
  if (shots.every((s) => s.by === 'webcam')) return 'webcam'
  return shots.length === 1 ? 'id_photo' : 'photos'
}

export const isEnough = (shots: readonly Pick<TakenShot, 'by'>[]) =>
  shots.length >= (sourceOf(shots) === 'webcam' ? ENOUGH_SHOTS : 1)

export function useShots() {
  const [shots, setShots] = useState<readonly TakenShot[]>([])
  const all = useRef<string[]>([])
  useEffect(
    () => () => {
      for (const url of all.current) URL.revokeObjectURL(url)
    },
    [],
  )
  const made = useCallback((blob: Blob, by: Taken): TakenShot => {
    const url = URL.createObjectURL(blob)
    all.current.push(url)
    return { id: next++, blob, url, by }
  }, [])
  const add = useCallback(
    (blobs: readonly Blob[], by: Taken) => {
      const more = blobs.map((blob) => made(blob, by))
      setShots((old) => [...old, ...more].slice(0, MOST_SHOTS))
    },
    [made],
  )
  /* Takes the place of the picture of that pose that was there. */
  const keep = useCallback(
    (blob: Blob, pose: Pose) => {
      const shot = { ...made(blob, 'webcam'), pose }
      setShots((old) =>
        old.some((s) => s.pose === pose)
          ? old.map((s) => (s.pose === pose ? shot : s))
          : [...old, shot].slice(-MOST_SHOTS),
      )
    },
    [made],
  )
  const drop = useCallback(
    (id: number) => setShots((old) => old.filter((shot) => shot.id !== id)),
    [],
  )
  const clear = useCallback(() => setShots([]), [])
  return { shots, add, keep, drop, clear }
}
