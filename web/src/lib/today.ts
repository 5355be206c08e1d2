/* The school's current day, which turns over at midnight while the page stays open. */
import { useEffect, useState } from 'react'
import { isoDay } from './format'

const LOOK_EVERY_MS = 30_000

export function useToday(): string {
  const [today, setToday] = useState(() => isoDay(new Date()))
  useEffect(() => {
    const timer = setInterval(() => setToday(isoDay(new Date())), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return today
}
