import { describe, expect, it } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { donePoses, LOOKS, type Looks, withLook, withoutPose } from '@/features/students/enrol-best'
import { shownFigure } from '@/features/students/hints'
import { refusedShots } from '@/features/students/shot-strip'
import { isEnough, sourceOf } from '@/features/students/shots'
import { csvCell, csvOf } from '@/lib/csv'

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

describe('the best picture of a pose', () => {
  const look = (pose: string, score: number, ok = true) =>
    ({ ok, pose, score }) as Parameters<typeof withLook>[1]

  it('is the one with the best score among a few good looks', () => {
    let looks: Looks = {}
    const kept: (string | undefined)[] = []
    for (const score of [0.5, 0.4, 0.7]) {
      const next = withLook(looks, look('front', score))
      looks = next.looks
      kept.push(next.keep)
    }
    expect(kept).toEqual(['front', undefined, 'front'])
    expect(donePoses(looks)).toEqual(['front'])
    expect(looks.front).toEqual({ seen: LOOKS, score: 0.7 })
    expect(withLook(looks, look('front', 0.9)).keep).toBeUndefined()
  })

  it('is taken of no bad look and no other pose', () => {
    expect(withLook({}, look('front', 0.9, false))).toEqual({ looks: {}, keep: undefined })
    expect(withLook({}, look('other', 0.9))).toEqual({ looks: {}, keep: undefined })
  })

  it('is asked for again once it is dropped', () => {
    const looks: Looks = { front: { seen: LOOKS, score: 0.7 } }
    expect(donePoses(withoutPose(looks, 'front'))).toEqual([])
  })
})

describe('what is sent', () => {
  const webcam = { by: 'webcam' } as const
  const file = { by: 'file' } as const
  it.each([
    [[webcam, webcam], 'webcam', false],
    [[webcam, webcam, webcam], 'webcam', true],
    [[file], 'id_photo', true],
    [[file, webcam], 'photos', true],
  ] as const)('%j is %s', (shots, source, enough) => {
    expect(sourceOf(shots)).toBe(source)
    expect(isEnough(shots)).toBe(enough)
  })
})

describe('a CSV report', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+a', "'+a"],
    ['-1', "'-1"],
    ['@x', "'@x"],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=a,"b"', '"\'=a,""b"""'],
    ['1234', '1234'],
  ])('writes %s as %s', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })

  it('has a mark of its encoding and ends of lines', () => {
    expect(
      csvOf([
        ['a', 'b'],
        ['1', ''],
      ]),
    ).toBe('\uFEFFa,b\r\n1,\r\n')
  })
})
