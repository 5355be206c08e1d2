/* Planning a lesson or a weekly series, or asking for a lesson. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type NewLesson,
  type NewRequest,
  type NewSeries,
  useAsk,
  usePlanOne,
  usePlanSeries,
} from '@/api/queries/timetable'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { addDays } from '@/lib/format'
import { toast } from '@/lib/toast'
import { zonedToIso } from '@/lib/zone'
import { ClashNote } from './clash-note'
import { InputField, KindFields, LinkField, type Values } from './fields'
import { Repeat } from './repeat'
import { toMinute, type Weekday, weekdayOf } from './week'

type Props = { mode: 'plan' | 'ask'; day: string; zone: string; onClose: () => void }
type Force = { allow_clash?: boolean; skip_clashing?: boolean }

const DAY_MIN = 1440

/* To the end time, over midnight when that is earlier. */
const duration = (v: Values) =>
  (toMinute(v.to ?? '') - toMinute(v.from ?? '') + DAY_MIN) % DAY_MIN || DAY_MIN

function shared(v: Values, zone: string) {
  return {
    module_id: Number(v.module_id),
    group_ids: [Number(v.group_id)],
    ...(v.room_id ? { room_id: Number(v.room_id) } : {}),
    time_zone: zone,
    kind: v.kind as NewLesson['kind'],
    mode: v.mode as NewLesson['mode'],
  }
}

function once(v: Values, zone: string) {
  const starts_at = zonedToIso(v.day ?? '', v.from ?? '', zone)
  const ends = Date.parse(starts_at) + duration(v) * 60_000
  return { ...shared(v, zone), starts_at, ends_at: new Date(ends).toISOString() }
}

function weekly(v: Values, zone: string, weekdays: readonly Weekday[]): NewSeries {
  return {
    ...shared(v, zone),
    trainer_id: Number(v.trainer_id),
    first_day: v.day ?? '',
    last_day: v.last_day ?? '',
    weekdays: [...weekdays],
    every_weeks: Number(v.every_weeks),
    starts_min: toMinute(v.from ?? ''),
    duration_min: duration(v),
  }
}

export default function PlanDialog({ mode, day, zone, onClose }: Props) {
  const { t } = useTranslation()
  const [one, many, ask] = [usePlanOne(), usePlanSeries(), useAsk()]
  const [repeats, setRepeats] = useState(false)
  const [weekdays, setWeekdays] = useState<readonly Weekday[]>([weekdayOf(day)])
  const [values, setValues] = useState<Values>({
    day,
    from: '09:00',
    to: '10:30',
    kind: 'course',
    mode: 'in_person',
    every_weeks: '1',
    last_day: addDays(day, 7 * 12),
    message: '',
  })
  const plans = mode === 'plan'
  const weeklyNow = plans && repeats
  const { error, isPending } = weeklyNow ? many : plans ? one : ask
  const set = (name: string, value: string) => setValues((old) => ({ ...old, [name]: value }))
  const bound = { values, error, set }
  const done = (text: string) => ({
    onSuccess: () => {
      onClose()
      toast(text, { tone: 'ok' })
    },
  })
  const save = (force: Force = {}) => {
    if (weeklyNow) {
      many.mutate({ ...weekly(values, zone, weekdays), ...force }, done(t('timetable.planned')))
    } else if (plans) {
      const trainer_id = Number(values.trainer_id)
      const body: NewLesson = {
        ...once(values, zone),
        trainer_id,
        allow_clash: !!force.allow_clash,
      }
      one.mutate(body, done(t('timetable.planned')))
    } else {
      const body: NewRequest = { ...once(values, zone), message: values.message ?? '' }
      ask.mutate(body, done(t('timetable.asked')))
    }
  }
  return (
    <Dialog title={t(plans ? 'timetable.plan' : 'timetable.ask')} onClose={onClose} wide>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          save()
        }}
        className="grid gap-4 sm:grid-cols-2"
      >
        <LinkField
          {...bound}
          field="module_id"
          server="module_id"
          name="modules"
          says={'session.module'}
          required
        />
        <LinkField
          {...bound}
          field="group_id"
          server="group_ids"
          name="groups"
          says={'session.group'}
          required
        />
        {plans && (
          <LinkField
            {...bound}
            field="trainer_id"
            server="trainer_id"
            name="trainers"
            says={'session.trainer'}
            required
          />
        )}
        <LinkField {...bound} field="room_id" server="room_id" name="rooms" says={'session.room'} />
        <InputField
          {...bound}
          field="day"
          server={weeklyNow ? 'first_day' : 'starts_at'}
          says={weeklyNow ? 'timetable.firstDay' : 'session.day'}
          type="date"
          hint={zone}
        />
        <div className="grid grid-cols-2 gap-3">
          <InputField
            {...bound}
            field="from"
            server="starts_min"
            says={'session.from'}
            type="time"
          />
          <InputField
            {...bound}
            field="to"
            server={weeklyNow ? 'duration_min' : 'ends_at'}
            says={'session.to'}
            type="time"
          />
        </div>
        <KindFields {...bound} />
        {plans && (
          <Repeat
            bound={bound}
            on={repeats}
            setOn={setRepeats}
            weekdays={weekdays}
            setWeekdays={setWeekdays}
          />
        )}
        {!plans && (
          <div className="sm:col-span-2">
            <InputField
              {...bound}
              field="message"
              server="message"
              says={'timetable.message'}
              type="text"
              required={false}
            />
          </div>
        )}
        <div className="sm:col-span-2">
          <ClashNote
            error={error}
            zone={zone}
            onAnyway={plans ? () => save({ allow_clash: true }) : undefined}
            onSkip={weeklyNow ? () => save({ skip_clashing: true }) : undefined}
          />
          <DialogFoot>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button
              type="submit"
              variant="primary"
              busy={isPending}
              disabled={weeklyNow && weekdays.length === 0}
            >
              {t(plans ? 'common.save' : 'timetable.send')}
            </Button>
          </DialogFoot>
        </div>
      </form>
    </Dialog>
  )
}
