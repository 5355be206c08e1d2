/* A new session, with times said in the school's zone of the browser. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries/auth'
import { useAddSession } from '@/api/queries/sessions'
import type { NewSession } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { ResourceChoice } from '@/components/resource-choice'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input, Select } from '@/components/ui/field'
import { isoDay } from '@/lib/format'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { zonedToIso } from '@/lib/zone'

const KINDS = ['course', 'lab', 'workshop', 'exam'] as const
const MODES = ['in_person', 'remote', 'hybrid'] as const

const LINKS = [
  { field: 'module_id', name: 'modules', label: 'session.module', required: true },
  { field: 'group_id', name: 'groups', label: 'session.group', required: true },
  { field: 'trainer_id', name: 'trainers', label: 'session.trainer', required: true },
  { field: 'room_id', name: 'rooms', label: 'session.room', required: false },
] as const

type Values = Record<string, string>

function toBody(v: Values, zone: string): NewSession {
  return {
    module_id: Number(v.module_id),
    group_ids: [Number(v.group_id)],
    trainer_id: Number(v.trainer_id),
    ...(v.room_id ? { room_id: Number(v.room_id) } : {}),
    starts_at: zonedToIso(v.day ?? '', v.from ?? '', zone),
    ends_at: zonedToIso(v.day ?? '', v.to ?? '', zone),
    time_zone: zone,
    kind: v.kind as NewSession['kind'],
    mode: v.mode as NewSession['mode'],
  }
}

const SERVER_NAME: Record<string, string> = {
  group_id: 'group_ids',
  day: 'starts_at',
  from: 'starts_at',
  to: 'ends_at',
}

export default function SessionDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const zone = useMe().school_zone
  const save = useAddSession()
  const [values, setValues] = useState<Values>({
    day: isoDay(new Date(), zone),
    from: '09:00',
    to: '10:30',
    kind: 'course',
    mode: 'in_person',
  })
  const set = (name: string) => (value: string) => setValues((old) => ({ ...old, [name]: value }))
  const wrong = (name: string) => fieldError(t, save.error, SERVER_NAME[name] ?? name)
  return (
    <Dialog title={t('sessions.add')} onClose={onClose} wide>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          save.mutate(toBody(values, zone), {
            onSuccess: () => {
              onClose()
              toast(t('sessions.added'), { tone: 'ok' })
            },
          })
        }}
        className="grid gap-4 sm:grid-cols-2"
      >
        {LINKS.map((link) => (
          <Field
            key={link.field}
            label={t(link.label)}
            optional={link.required ? undefined : t('common.optional')}
            error={wrong(link.field)}
          >
            {(control) => (
              <ResourceChoice
                name={link.name}
                control={control}
                required={link.required}
                value={values[link.field] ?? ''}
                onChange={set(link.field)}
              />
            )}
          </Field>
        ))}
        <Field label={t('session.day')} error={wrong('day')} hint={zone}>
          {(control) => (
            <Input
              {...control}
              type="date"
              required
              value={values.day}
              onChange={(e) => set('day')(e.target.value)}
            />
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3">
          {(['from', 'to'] as const).map((end) => (
            <Field key={end} label={t(`session.${end}`)} error={wrong(end)}>
              {(control) => (
                <Input
                  {...control}
                  type="time"
                  required
                  value={values[end]}
                  onChange={(e) => set(end)(e.target.value)}
                />
              )}
            </Field>
          ))}
        </div>
        <Field label={t('session.kind')} error={wrong('kind')}>
          {(control) => (
            <Select {...control} value={values.kind} onChange={(e) => set('kind')(e.target.value)}>
              {KINDS.map((k) => (
                <option key={k} value={k}>
                  {t(`kind.${k}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('session.mode')} error={wrong('mode')}>
          {(control) => (
            <Select {...control} value={values.mode} onChange={(e) => set('mode')(e.target.value)}>
              {MODES.map((m) => (
                <option key={m} value={m}>
                  {t(`mode.${m}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="sm:col-span-2">
          <ProblemNote error={save.error} />
          <DialogFoot>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button type="submit" variant="primary" busy={save.isPending}>
              {t('common.save')}
            </Button>
          </DialogFoot>
        </div>
      </form>
    </Dialog>
  )
}
