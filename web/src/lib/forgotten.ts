/* What the server puts in the place of a number or an e-mail of somebody who was forgotten. */
const STAND_IN = /^forgotten-\d+(@invalid)?$/

export const isForgotten = (stored: string) => STAND_IN.test(stored)

/* What may be shown: nothing in place of a stand-in. */
export const orNothing = <T>(stored: T) =>
  typeof stored === 'string' && isForgotten(stored) ? null : stored
