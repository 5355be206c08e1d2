/* Which time it means: whole days, a part of one day, or sessions. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { sessionsQuery } from '@/api/queries/sessions'
import { Field, Input } from '@/components/ui/field'
import { addDays, dayEnd, dayStart, isoDay, useFormat } from '@/lib/format'
import { zonedToIso } from '@/lib/zone'

export type When = {
  kind: 'days' | 'part' | 'sessions'
  from: string
  to: string
  start: string
  end: string
  sessions: readonly number[]
}

export function today(): When {
  const day = isoDay(new Date())
  return { kind: 'days', from: day, to: day, start: '08:00', end: '12:00', sessions: [] }
}

/* As the API takes it; the hours are the school's. */
export function timeFields(when: When, zone: string) {
  const at = (time: string) => zonedToIso(when.from, time, zone)
  switch (when.kind) {
    case 'days':
      return { from: when.from, to: when.to }
    case 'part':
      return { starts_at: at(when.start), ends_at: at(when.end) }
    case 'sessions':
      return { session_ids: [...when.sessions] }
  }
}

type Props = {
  zone: string
  value: When
  onChange: (value: When) => void
  wrong: (field: string) => string | undefined
}

function Sessions({ value, onChange, wrong }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useQuery(
    sessionsQuery({ from: dayStart(value.from), to: dayEnd(addDays(value.from, 6)) }),
  )
  const toggle = (id: number, on: boolean) =>
    onChange({
      ...value,
      sessions: on ? [...value.sessions, id] : value.sessions.filter((s) => s !== id),
    })
  const items = query.data?.items ?? []
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium text-sm">{t('papers.when.sessions')}</legend>
      {query.data && items.length === 0 && <p className="text-muted">{t('papers.noSessions')}</p>}
      {items.map((s) => (
        <label key={s.id} className="flex items-center gap-2 rounded-lg bg-sunk px-3 py-2">
          <input
            type="checkbox"
            className="size-4"
            checked={value.sessions.includes(s.id)}
            onChange={(e) => toggle(s.id, e.target.checked)}
          />
          <span className="min-w-0">
            {format.day(s.starts_at, s.time_zone)}{' '}
            {format.timeRange(s.starts_at, s.ends_at, s.time_zone)} · <bdi>{s.module_name}</bdi>
          </span>
        </label>
      ))}
      {wrong('session_ids') && <p className="text-bad text-sm">{wrong('session_ids')}</p>}
    </fieldset>
  )
}

export function WhenFields(props: Props) {
  const { zone, value, onChange, wrong } = props
  const { t } = useTranslation()
  const input = (
    name: 'from' | 'to' | 'start' | 'end',
    label: string,
    type: string,
    bad?: string,
    hint?: string,
  ) => (
    <Field label={label} error={bad} hint={hint}>
      {(control) => (
        <Input
          {...control}
          type={type}
          required
          value={value[name]}
          onChange={(e) => onChange({ ...value, [name]: e.target.value })}
        />
      )}
    </Field>
  )
  return (
    <>
      <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
        <legend className="mb-1 font-medium text-sm">{t('papers.when')}</legend>
        {(['days', 'part', 'sessions'] as const).map((kind) => (
          <label key={kind} className="flex items-center gap-2">
            <input
              type="radio"
              name="when"
              className="size-4"
              checked={value.kind === kind}
              onChange={() => onChange({ ...value, kind })}
            />
            {t(`papers.when.${kind}`)}
          </label>
        ))}
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        {input(
          'from',
          t(value.kind === 'days' ? 'papers.from' : 'papers.day'),
          'date',
          wrong('from'),
        )}
        {value.kind === 'days' && input('to', t('papers.to'), 'date', wrong('to'))}
        {value.kind === 'part' && (
          <div className="grid grid-cols-2 gap-4">
            {input(
              'start',
              t('papers.start'),
              'time',
              wrong('starts_at'),
              t('papers.zone', { zone }),
            )}
            {input('end', t('papers.end'), 'time', wrong('ends_at'))}
          </div>
        )}
      </div>
      {value.kind === 'sessions' && value.from !== '' && <Sessions {...props} />}
    </>
  )
}
