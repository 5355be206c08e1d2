/* Changing a lesson, or the lessons of its series: when, where and by whom. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Edit, type Scope, useEdit } from '@/api/queries/timetable'
import type { Session } from '@/api/types'
import { Button } from '@/components/ui/button'
import { DialogFoot } from '@/components/ui/dialog'
import { isoDay } from '@/lib/format'
import { toast } from '@/lib/toast'
import { zonedToIso } from '@/lib/zone'
import { ClashNote } from './clash-note'
import { InputField, LinkField, type Values } from './fields'
import type { FormProps } from './lesson-dialog'
import { ScopeChoice } from './scope-choice'
import { minuteOf, toMinute, toTime } from './week'

const DAY_MIN = 1440

function startValues(s: Session): Values {
  return {
    day: isoDay(new Date(s.starts_at), s.time_zone),
    from: toTime(minuteOf(s.starts_at, s.time_zone)),
    to: toTime(minuteOf(s.ends_at, s.time_zone)),
    trainer_id: String(s.trainer_id),
    room_id: s.room_id === null ? '' : String(s.room_id),
  }
}

/* Only what was changed is sent: a substitute stays one when the trainer is not touched. */
function toEdit(session: Session, scope: Scope, v: Values, force: boolean): Edit {
  const before = startValues(session)
  const minutes = (toMinute(v.to ?? '') - toMinute(v.from ?? '') + DAY_MIN) % DAY_MIN || DAY_MIN
  const starts = zonedToIso(v.day ?? '', v.from ?? '', session.time_zone)
  const timed = v.day !== before.day || v.from !== before.from || v.to !== before.to
  const common = {
    ...(v.trainer_id !== before.trainer_id ? { trainer_id: Number(v.trainer_id) } : {}),
    ...(v.room_id !== before.room_id ? { room_id: v.room_id ? Number(v.room_id) : null } : {}),
    allow_clash: force,
  }
  return {
    session,
    scope,
    one: {
      ...common,
      ...(timed
        ? {
            starts_at: starts,
            ends_at: new Date(Date.parse(starts) + minutes * 60_000).toISOString(),
          }
        : {}),
    },
    many: {
      ...common,
      ...(timed ? { starts_min: toMinute(v.from ?? ''), duration_min: minutes } : {}),
    },
  }
}

/* `alone`: the other lessons of the series are out of the question. */
export function EditForm({
  session,
  onClose,
  onBack,
  alone = false,
}: FormProps & { alone?: boolean }) {
  const { t } = useTranslation()
  const edit = useEdit()
  const [scope, setScope] = useState<Scope>('this')
  const [values, setValues] = useState<Values>(() => startValues(session))
  const set = (name: string, value: string) => setValues((old) => ({ ...old, [name]: value }))
  const bound = { values, error: edit.error, set }
  const save = (force: boolean) =>
    edit.mutate(toEdit(session, scope, values, force), {
      onSuccess: () => {
        onClose()
        toast(t('timetable.changed'), { tone: 'ok' })
      },
    })
  return (
    <form
      className="grid gap-4 sm:grid-cols-2"
      onSubmit={(e) => {
        e.preventDefault()
        save(false)
      }}
    >
      {session.series_id !== null && !alone && (
        <div className="sm:col-span-2">
          <ScopeChoice scope={scope} setScope={setScope} />
        </div>
      )}
      {scope === 'this' && (
        <InputField
          {...bound}
          field="day"
          server="starts_at"
          says={'session.day'}
          type="date"
          hint={session.time_zone}
        />
      )}
      <div className="grid grid-cols-2 gap-3">
        <InputField {...bound} field="from" server="starts_min" says={'session.from'} type="time" />
        <InputField
          {...bound}
          field="to"
          server={scope === 'this' ? 'ends_at' : 'duration_min'}
          says={'session.to'}
          type="time"
        />
      </div>
      <LinkField
        {...bound}
        field="trainer_id"
        server="trainer_id"
        name="trainers"
        says={'session.trainer'}
        required
      />
      <LinkField {...bound} field="room_id" server="room_id" name="rooms" says={'session.room'} />
      <div className="sm:col-span-2">
        <ClashNote error={edit.error} zone={session.time_zone} onAnyway={() => save(true)} />
        <DialogFoot>
          <Button onClick={onBack}>{t('timetable.back')}</Button>
          <Button type="submit" variant="primary" busy={edit.isPending}>
            {t('common.save')}
          </Button>
        </DialogFoot>
      </div>
    </form>
  )
}
