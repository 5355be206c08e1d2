/* The server counts to the day after the last one; people count to the last one. */
import type { Formats } from '@/lib/format'
import { addDays } from '@/lib/format'

export const lastDay = (toDay: string) => addDays(toDay, -1)

export const daysText = (format: Formats, fromDay: string, toDay: string) =>
  format.plainDays(fromDay, lastDay(toDay))
