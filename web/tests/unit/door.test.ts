import { beforeEach, describe, expect, it } from 'vitest'
import { doorFor, nextOf } from '@/apps/next'
import { takeCode } from '@/lib/scanned-code'

const at = (href: string) => new URL(href, 'http://school.test')
const back = (href: string) => nextOf(at(doorFor(at(href))).search)

describe('the way through the door', () => {
  beforeEach(() => sessionStorage.clear())

  it.each([
    '/',
    '/students',
    '/students?q=a%20b&group=3',
    '/sessions/7?status=late#row-3',
    '/timetable?week=2026-11-23&view=list',
    '/été?q=%26next%3D%2Fx',
  ])('leads back to %s', (href) => {
    const wanted = at(href)
    expect(back(href)).toBe(wanted.pathname + wanted.search + wanted.hash)
  })

  it('says nothing of the home page', () => {
    expect(doorFor(at('/'))).toBe('/login')
  })

  it('stays where it is', () => {
    expect(doorFor(at('/login'))).toBe('/login')
    expect(doorFor(at('/login/?next=%2Fstudents'))).toBe('/login?next=%2Fstudents')
  })

  it('leads to no other host', () => {
    for (const next of ['//evil.test', 'https://evil.test', 'evil', '', 'javascript:alert(1)']) {
      expect(nextOf(`?${new URLSearchParams({ next })}`)).toBe('/')
    }
    expect(nextOf('')).toBe('/')
  })

  it.each(['/check-in/code', '/check-in/code/', '/Check-In/Code'])(
    'keeps the token of a scanned code out of the address: %s',
    (path) => {
      const door = doorFor(at(`${path}#AbC-123_`))
      expect(door).not.toContain('AbC')
      expect(nextOf(at(door).search)).toBe('/check-in')
      expect(takeCode()).toBe('AbC-123_')
      expect(takeCode()).toBeUndefined()
    },
  )
})
