/* The pictures taken so far; their addresses are freed with them. */
import { useCallback, useEffect, useRef, useState } from 'react'

export const MOST_SHOTS = 5

export type TakenShot = { id: number; blob: Blob; url: string }

let next = 1

export function useShots() {
  const [shots, setShots] = useState<readonly TakenShot[]>([])
  const all = useRef<string[]>([])
  useEffect(
    () => () => {
      for (const url of all.current) URL.revokeObjectURL(url)
    },
    [],
  )
  const add = useCallback((blobs: readonly Blob[]) => {
    const made = blobs.map((blob) => ({ id: next++, blob, url: URL.createObjectURL(blob) }))
    all.current.push(...made.map((m) => m.url))
    setShots((old) => [...old, ...made].slice(0, MOST_SHOTS))
  }, [])
  const drop = useCallback(
    (id: number) => setShots((old) => old.filter((shot) => shot.id !== id)),
    [],
  )
  const clear = useCallback(() => setShots([]), [])
  return { shots, add, drop, clear }
}
