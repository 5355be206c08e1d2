import { describe, expect, it } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { shownFigure } from '@/features/students/hints'
import { refusedShots } from '@/features/students/shot-strip'

describe('figures of a flaw', () => {
  it.each([
    [99.97, 100, 0, 99],
    [51.2, 100, 0, 51],
    [20.01, 20, 0, 21],
    [3.96, 4, 1, 3.9],
  ])('%s against %s', (measured, limit, digits, shown) => {
    expect(shownFigure(measured, limit, digits)).toBe(shown)
  })
})

describe('refused pictures', () => {
  it('come from the wrong fields, with their figures', () => {
    const error = new ApiProblem('face-quality', 422, {
      errors: [
        { field: '/photos/0', code: 'too_small', detail: 'face too small: 51 px, at least 100' },
        {
          field: '/photos/1',
          code: 'too_dark',
          detail: 'too dark: brightness 12 of 255, at least 40',
        },
        { field: '/photos/1', code: 'eyes_closed', detail: 'eyes closed' },
        { field: '/other', code: 'required' },
      ],
    })
    expect(refusedShots(error)).toEqual([
      { index: 0, accepted: false, flaws: [{ code: 'too_small', measured: 51, limit: 100 }] },
      {
        index: 1,
        accepted: false,
        flaws: [
          { code: 'too_dark', measured: 12, limit: 40 },
          { code: 'eyes_closed', measured: 0, limit: 0 },
        ],
      },
    ])
  })

  it('are none for other failures', () => {
    expect(refusedShots(new Error('x'))).toEqual([])
    expect(refusedShots(undefined)).toEqual([])
  })
})
