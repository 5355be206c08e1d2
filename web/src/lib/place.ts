/* Where this browser is and which one it is: asked for and sent only where a session needs it. */

export type Place = { latitude: number; longitude: number; accuracy_m: number }

/* Whether every alternative of a session's ways that has this way needs the fence: "qr+fence|kiosk". */
export function needsPlace(ways: string, way: string): boolean {
  const having = ways.split('|').filter((sum) => sum.split('+').some((w) => w.trim() === way))
  return having.length > 0 && having.every((sum) => /\bfence\b/.test(sum))
}

/* Undefined when the person refuses or the device cannot tell. */
export function findPlace(): Promise<Place | undefined> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) {
      resolve(undefined)
      return
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          latitude: coords.latitude,
          longitude: coords.longitude,
          accuracy_m: coords.accuracy,
        }),
      () => resolve(undefined),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 15_000 },
    )
  })
}

const MARK = 'sp-client'

/* A random mark of this browser; the server writes down a hash that holds within one session. */
export function clientMark(): string {
  try {
    const known = localStorage.getItem(MARK)
    if (known) return known
    const made = crypto.randomUUID()
    localStorage.setItem(MARK, made)
    return made
  } catch {
    return crypto.randomUUID()
  }
}
