import { fireEvent, render, screen, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Decision, SeenFace } from '@/api/types'
import { rollKey } from '@/features/register/keyboard'
import { inOrder } from '@/features/register/order'
import { RegisterTable } from '@/features/register/register-table'
import { stepFrom } from '@/features/register/roll'
import { rememberFaces } from '@/features/register/seen-face'
import { record } from './fixtures'

const press = (key: string, more = {}) =>
  rollKey({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })

describe('roll-call keys', () => {
  it.each([
    ['j', { kind: 'move', by: 1 }],
    ['ArrowUp', { kind: 'move', by: -1 }],
    ['P', { kind: 'mark', status: 'present' }],
    ['e', { kind: 'mark', status: 'excused' }],
    ['u', { kind: 'undo' }],
    ['?', { kind: 'help' }],
  ])('%s', (key, action) => expect(press(key)).toEqual(action))

  it('leaves the browser its own', () => {
    expect(press('p', { ctrlKey: true })).toBeUndefined()
    expect(press('x')).toBeUndefined()
  })

  it('stays inside the list', () => {
    const rows = [record(1), record(2)]
    expect(stepFrom(rows, undefined, 1)?.student_id).toBe(1)
    expect(stepFrom(rows, undefined, -1)?.student_id).toBe(2)
    expect(stepFrom(rows, 1, 1)?.student_id).toBe(2)
    expect(stepFrom(rows, 2, 1)?.student_id).toBe(2)
    expect(stepFrom([], 2, 1)).toBeUndefined()
  })
})

describe('order by the latest mark', () => {
  it('asks no language about 5,000 rows, and leaves those alike as they were', () => {
    const asks = vi.spyOn(String.prototype, 'localeCompare')
    const at = (i: number) =>
      i % 2 ? `2026-11-22T09:${String(i % 60).padStart(2, '0')}:00Z` : null
    const rows = Array.from({ length: 5000 }, (_, i) => record(i, { marked_at: at(i) }))
    const sorted = inOrder(rows, 'latest')
    expect(asks).not.toHaveBeenCalled()
    expect(sorted.slice(0, 2).map((r) => r.student_id)).toEqual([59, 119])
    expect(sorted.slice(-2).map((r) => r.student_id)).toEqual([4996, 4998])
    expect(inOrder(rows, undefined)).toBe(rows)
    asks.mockRestore()
  })
})

describe('register table', () => {
  const show = (onMark?: () => void) =>
    render(
      <RegisterTable
        records={[
          record(1, {
            status: 'present',
            method: 'face',
            similarity: 0.71,
            margin: 0.3,
            marked_at: '2026-11-22T09:02:00Z',
          }),
          record(2),
        ]}
        zone="UTC"
        current={undefined}
        fresh={new Set()}
        onPick={vi.fn()}
        onHistory={vi.fn()}
        onMark={onMark}
      />,
    )

  it('shows the evidence of a mark by face', () => {
    show()
    const row = screen.getByRole('row', { name: /Student 1/ })
    expect(within(row).getAllByText('Present').length).toBeGreaterThan(0)
    expect(row.textContent).toContain('similarity 0.71 · margin 0.30')
    expect(row.textContent).toContain('9:02')
  })

  it('has buttons only for who may mark', () => {
    const { unmount } = show()
    expect(screen.queryByRole('button', { name: 'Student 2: Late' })).toBeNull()
    unmount()
    const onMark = vi.fn()
    show(onMark)
    fireEvent.click(screen.getByRole('button', { name: 'Student 2: Late' }))
    expect(onMark).toHaveBeenCalledWith(expect.objectContaining({ student_id: 2 }), 'late')
  })
})

describe('faces seen', () => {
  const face = (id: number | null, decision: Decision['decision'] = 'match'): SeenFace => ({
    box: { x: 0, y: 0, width: 10, height: 10 },
    outcome: {
      decision,
      student_id: id,
      student_name: id === null ? null : `Student ${id}`,
      similarity: 0.7,
      margin: 0.3,
      threshold: 0.4,
      min_margin: 0.05,
      quality: 4,
      liveness: null,
      model: 'm',
      policy: 'track',
      ms: 12,
      why: { en: 'It is so.', fr: "C'est ainsi.", ar: 'هكذا' },
    },
    flaws: [],
    track: 1,
    votes: null,
    votes_needed: null,
    asks_blink: false,
    record: null,
    already: false,
  })
  const ids = (faces: readonly SeenFace[]) => faces.map((f) => f.outcome?.student_id)

  it('are remembered once, newest first, strangers not at all', () => {
    const one = rememberFaces([], [face(1), face(null, 'unknown')], 2)
    expect(ids(one)).toEqual([1])
    expect(rememberFaces(one, [face(1)], 2)).toBe(one)
    const three = rememberFaces(rememberFaces(one, [face(2)], 2), [face(3)], 2)
    expect(ids(three)).toEqual([3, 2])
  })
})
