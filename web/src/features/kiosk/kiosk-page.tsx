/* A tablet at the door: its room, what is open there, and the camera while something is. */
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type KioskSession, type Room, readRoom } from '@/api/kiosk'
import { asProblem } from '@/api/problem'
import { LanguageSelect } from '@/components/preferences'
import { useWakeLock } from '@/lib/wake-lock'
import { useClock } from './clock'
import { DoorCamera } from './door-camera'
import { SignIn } from './sign-in'

const ASK_EVERY_MS = 10_000

function useRoom() {
  const [room, setRoom] = useState<Room | null>()
  const [lost, setLost] = useState(false)
  const ask = useCallback(async () => {
    try {
      setRoom(await readRoom())
      setLost(false)
    } catch (error) {
      /* 403: a person's own login is in this browser, no device's. */
      const { status } = asProblem(error)
      if (status === 401 || status === 403) setRoom(null)
      else setLost(true)
    }
  }, [])
  useEffect(() => {
    void ask()
    const timer = setInterval(() => void ask(), ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [ask])
  return { room, lost, ask, setRoom }
}

function Idle({ next }: { next: KioskSession | null }) {
  const { t } = useTranslation()
  const clock = useClock(next)
  return (
    <section className="grid place-content-center justify-items-center gap-3 p-6 text-center">
      <p className="font-semibold text-3xl">{t('kiosk.idle')}</p>
      <p className="text-muted text-xl">
        {next
          ? t('kiosk.next', { name: next.module_name, time: clock(next.starts_at) })
          : t('kiosk.noNext')}
      </p>
    </section>
  )
}

function Sessions({ sessions }: { sessions: readonly KioskSession[] }) {
  const clock = useClock(sessions[0])
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-lg">
      {sessions.map((s) => (
        <li key={s.id}>
          <bdi className="font-semibold">{s.module_name}</bdi>{' '}
          <span className="text-muted tabular-nums">
            {clock(s.starts_at)}–{clock(s.ends_at)}
          </span>
        </li>
      ))}
    </ul>
  )
}

export function KioskPage() {
  const { t } = useTranslation()
  const { room, lost, ask, setRoom } = useRoom()
  useWakeLock(room !== null && room !== undefined)
  useEffect(() => {
    document.title = `${room?.room_name ?? t('kiosk.title')} · ${t('app.name')}`
  }, [room?.room_name, t])

  if (room === undefined && !lost) return <main aria-busy="true" className="min-h-dvh" />
  const open = room?.sessions ?? []
  const usesFaces = room?.face_recognition === 'roster'
  return (
    <main className="grid min-h-dvh grid-rows-[auto_1fr_auto] bg-bg text-fg">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-2 border-line border-b px-4 py-3 sm:px-8">
        <div className="me-auto min-w-0">
          <h1 className="font-bold text-2xl sm:text-4xl">
            <bdi>{room?.room_name ?? t('kiosk.title')}</bdi>
          </h1>
          {open.length > 0 && <Sessions sessions={open} />}
        </div>
        {lost && (
          <p role="status" className="rounded-lg bg-warn-soft px-3 py-1.5 text-warn">
            {t('kiosk.lost')}
          </p>
        )}
        <LanguageSelect className="w-40" />
      </header>
      {room === null && <SignIn onIn={setRoom} />}
      {room && !usesFaces && (
        <section className="grid place-content-center p-6 text-center text-2xl">
          {t('kiosk.facesOff')}
        </section>
      )}
      {room && usesFaces && open.length === 0 && <Idle next={room.next} />}
      {room && usesFaces && open.length > 0 && (
        <DoorCamera session={open[0]} onStale={() => void ask()} />
      )}
      {room === undefined && <div />}
      <footer className="border-line border-t px-4 py-3 text-center text-lg sm:px-8 sm:text-xl">
        {t('kiosk.otherWays')}
      </footer>
    </main>
  )
}
