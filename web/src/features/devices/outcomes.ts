/* What can become of a punch, and how each looks. */
import type { PunchOutcome } from '@/api/queries/punches'

export const OUTCOMES = {
  counted: 'ok',
  already: 'idle',
  kept: 'warn',
  locked: 'warn',
  unknown_person: 'bad',
  no_session: 'warn',
  not_open: 'warn',
  in_future: 'bad',
  too_old: 'bad',
} as const satisfies Record<PunchOutcome, 'ok' | 'idle' | 'warn' | 'bad'>

export const OUTCOME_NAMES = Object.keys(OUTCOMES) as PunchOutcome[]
