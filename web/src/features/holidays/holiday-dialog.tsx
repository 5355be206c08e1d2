/* A holiday by hand: its name, its days, and what becomes of what is planned on them. */
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Holiday, useAddHoliday, useChangeHoliday } from '@/api/queries/holidays'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { addDays, isoDay, useFormat } from '@/lib/format'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { lastDay } from './days'

type Props = { holiday: Holiday | undefined; onClose: () => void }

/* What is planned on the days and stays, until it is said that it shall not. */
function Planned({ of }: { of: Holiday }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="grid gap-2 rounded-lg bg-warn-soft p-4 text-sm">
      <p className="font-medium text-warn">
        {t('holidays.planned', { count: of.sessions.length })}
      </p>
      <ul className="max-h-40 overflow-auto">
        {of.sessions.map((s) => (
          <li key={s.id}>
            {format.day(s.starts_at, s.time_zone)}, {format.time(s.starts_at, s.time_zone)} ·{' '}
            <bdi>{s.module_name}</bdi>
          </li>
        ))}
      </ul>
    </div>
  )
}

export function HolidayDialog({ holiday, onClose }: Props) {
  const { t } = useTranslation()
  const add = useAddHoliday()
  const change = useChangeHoliday()
  const [saved, setSaved] = useState<Holiday>()
  const today = isoDay(new Date())
  const [name, setName] = useState(holiday?.name ?? '')
  const [from, setFrom] = useState(holiday?.from_day ?? today)
  const [to, setTo] = useState(holiday ? lastDay(holiday.to_day) : today)
  const error = add.error ?? change.error
  const save = (cancels: boolean) => {
    const body = {
      name: name.trim(),
      from_day: from,
      to_day: addDays(to, 1),
      cancel_sessions: cancels,
    }
    const of = saved ?? holiday
    const done = {
      onSuccess: (now: Holiday) => {
        if (now.sessions.length > now.cancelled) return setSaved(now)
        onClose()
        toast(
          now.cancelled ? t('holidays.cancelled', { count: now.cancelled }) : t('holidays.saved'),
          { tone: 'ok' },
        )
      },
    }
    if (of) change.mutate({ holiday: of, body }, done)
    else add.mutate(body, done)
  }
  const submit = (e: FormEvent) => {
    e.preventDefault()
    save(false)
  }
  const busy = add.isPending || change.isPending
  if (saved) {
    return (
      <Dialog title={name} onClose={onClose}>
        <p className="mb-3">{t('holidays.saved')}</p>
        <Planned of={saved} />
        <ProblemNote error={error} className="mt-3" />
        <DialogFoot>
          <Button variant="danger" busy={busy} onClick={() => save(true)}>
            {t('holidays.cancelThem')}
          </Button>
          <Button onClick={onClose}>{t('holidays.leaveThem')}</Button>
        </DialogFoot>
      </Dialog>
    )
  }
  return (
    <Dialog title={t(holiday ? 'holidays.edit' : 'holidays.add')} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t('holidays.name')} error={fieldError(t, error, 'name')}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={200}
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label={t('holidays.first')} error={fieldError(t, error, 'from_day')}>
            {(control) => (
              <Input
                {...control}
                type="date"
                required
                value={from}
                onChange={(e) => {
                  setFrom(e.target.value)
                  if (to < e.target.value) setTo(e.target.value)
                }}
              />
            )}
          </Field>
          <Field label={t('holidays.last')} error={fieldError(t, error, 'to_day')}>
            {(control) => (
              <Input
                {...control}
                type="date"
                required
                min={from}
                value={to}
                onChange={(e) => setTo(e.target.value)}
              />
            )}
          </Field>
        </div>
        <ProblemNote error={error} />
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('common.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
