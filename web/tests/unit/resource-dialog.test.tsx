import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { type FormField, ResourceDialog, toBody } from '@/components/resource-dialog'

const FIELDS: readonly FormField[] = [
  { name: 'code', label: 'manage.code', kind: 'text', required: true },
  { name: 'hours', label: 'manage.hours', kind: 'number' },
  { name: 'active', label: 'manage.active', kind: 'switch' },
]

describe('what is sent', () => {
  it('for a new thing: what was filled in', () => {
    expect(toBody(FIELDS, { code: ' DB ', hours: '', active: 'true' }, undefined)).toEqual({
      code: 'DB',
      active: true,
    })
  })

  it('for an old thing: what was changed', () => {
    const row = { code: 'DB', hours: 30, active: true }
    expect(toBody(FIELDS, { code: 'DB', hours: '', active: 'true' }, row)).toEqual({ hours: null })
    expect(toBody(FIELDS, { code: 'DB2', hours: '30', active: 'false' }, row)).toEqual({
      code: 'DB2',
      active: false,
    })
  })
})

describe('the dialog', () => {
  it('shows what the server found wrong at the field', () => {
    const error = new ApiProblem('conflict', 409, { errors: [{ field: '/code', code: 'taken' }] })
    render(
      <ResourceDialog
        title="x"
        fields={FIELDS}
        row={undefined}
        busy={false}
        error={error}
        onClose={vi.fn()}
        onSave={vi.fn()}
      />,
    )
    const input = screen.getByLabelText(/^Code/)
    expect(input.getAttribute('aria-invalid')).toBe('true')
    const note = document.getElementById(input.getAttribute('aria-describedby') ?? '')
    expect(note?.textContent).toBe('Another entry already uses this.')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('saves what was typed', () => {
    const onSave = vi.fn()
    render(
      <ResourceDialog
        title="x"
        fields={FIELDS.slice(0, 1)}
        row={undefined}
        busy={false}
        error={null}
        onClose={vi.fn()}
        onSave={onSave}
      />,
    )
    fireEvent.change(screen.getByLabelText(/^Code/), { target: { value: 'WEB' } })
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(onSave).toHaveBeenCalledWith({ code: 'WEB' })
  })
})
