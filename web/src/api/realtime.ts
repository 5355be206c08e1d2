/*
 * One EventSource per browser: the tab that holds the lock listens and tells the others over a
 * BroadcastChannel. The browser itself reconnects with Last-Event-ID; when the server refused and the
 * stream had to be opened anew, the queries are asked again instead.
 */
import { create } from 'zustand'
import { checkLogin } from './client'
import { applyEvent, catchUp } from './live'
import { ensureFresh, mayBeLoggedIn } from './session'

const NAMES = [
  'attendance.marked',
  'attendance.changed',
  'session.changed',
  'enrolment.changed',
  'enrolment.ageing',
  'duplicate.changed',
  'import.progress',
  'justification.changed',
  'session.rescheduled',
  'session.cancelled',
  'session.substituted',
  'timetable.changed',
  'session_request.changed',
] as const

export type LiveEvent = { name: (typeof NAMES)[number]; data: unknown }
type Line = 'connecting' | 'live' | 'lost'
type Message = LiveEvent | { line: Line } | { caughtUp: true } | { ask: true }

export const useLine = create<{ line: Line }>()(() => ({ line: 'connecting' }))

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

let channel: BroadcastChannel | undefined
let source: EventSource | undefined
let release: (() => void) | undefined
let timer = 0
let wait = FIRST_WAIT_MS
let running = false

function tell(message: Message) {
  channel?.postMessage(message)
  hear(message)
}

function hear(message: Message) {
  if ('name' in message) applyEvent(message)
  else if ('line' in message) useLine.setState({ line: message.line })
  else if ('caughtUp' in message) catchUp()
  else if (source) channel?.postMessage({ line: useLine.getState().line } satisfies Message)
}

function listen(again: boolean) {
  const es = new EventSource('/api/v1/events')
  source = es
  es.onopen = () => {
    wait = FIRST_WAIT_MS
    tell({ line: 'live' })
    if (again) tell({ caughtUp: true })
  }
  es.onerror = () => {
    tell({ line: 'lost' })
    if (es.readyState !== EventSource.CLOSED) return
    timer = window.setTimeout(() => void reopen(), wait + Math.random() * wait)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
  es.addEventListener('reset', () => tell({ caughtUp: true }))
  for (const name of NAMES) {
    es.addEventListener(name, (e: MessageEvent<string>) => {
      tell({ name, data: JSON.parse(e.data) as unknown })
    })
  }
}

async function reopen() {
  source?.close()
  await checkLogin()
  if (running && mayBeLoggedIn()) listen(true)
}

async function lead() {
  await ensureFresh()
  if (!running) return
  listen(false)
  await new Promise<void>((done) => {
    release = done
  })
}

export function startEvents() {
  if (running || !('EventSource' in globalThis)) return
  running = true
  if ('BroadcastChannel' in globalThis) {
    channel = new BroadcastChannel('sp-events')
    channel.onmessage = (e: MessageEvent<Message>) => hear(e.data)
    channel.postMessage({ ask: true } satisfies Message)
  }
  if ('locks' in navigator) void navigator.locks.request('sp-events', lead).catch(() => undefined)
  else void lead()
}

export function stopEvents() {
  running = false
  clearTimeout(timer)
  source?.close()
  source = undefined
  release?.()
  channel?.close()
  channel = undefined
}
