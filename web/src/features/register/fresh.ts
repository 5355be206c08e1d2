/* Which rows just turned present or late, so that they can be shown to have done so. */
import { useEffect, useRef, useState } from 'react'
import type { AttendanceRecord } from '@/api/types'

const SHOWN_MS = 2500

const seen = (r: AttendanceRecord) =>
  r.method !== 'manual' && r.method !== 'close' && r.status !== 'unmarked'

export function useFresh(records: readonly AttendanceRecord[]): ReadonlySet<number> {
  const before = useRef<Map<number, string> | undefined>(undefined)
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set())
  useEffect(() => {
    const old = before.current
    before.current = new Map(records.map((r) => [r.student_id, r.status]))
    if (!old || old.size === 0) return
    const changed = records.filter((r) => seen(r) && old.get(r.student_id) !== r.status)
    if (changed.length > 0) setFresh(new Set(changed.map((r) => r.student_id)))
  }, [records])
  useEffect(() => {
    if (fresh.size === 0) return
    const timer = setTimeout(() => setFresh(new Set()), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [fresh])
  return fresh
}
