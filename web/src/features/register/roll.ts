import type { AttendanceRecord } from '@/api/types'

/* The row that is `by` rows further, staying inside the list. */
export function stepFrom(
  rows: readonly AttendanceRecord[],
  current: number | undefined,
  by: number,
): AttendanceRecord | undefined {
  const at = rows.findIndex((r) => r.student_id === current)
  if (at < 0) return rows[by > 0 ? 0 : rows.length - 1]
  return rows[Math.max(0, Math.min(rows.length - 1, at + by))]
}
