/* Every week, on which days, until when. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/format'
import { type Bound, InputField } from './fields'
import { ALL_WEEKDAYS, sampleOf, type Weekday } from './week'

type Props = {
  bound: Bound
  on: boolean
  setOn: (on: boolean) => void
  weekdays: readonly Weekday[]
  setWeekdays: (days: readonly Weekday[]) => void
}

export function Repeat({ bound, on, setOn, weekdays, setWeekdays }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const turn = (day: Weekday, to: boolean) =>
    setWeekdays(ALL_WEEKDAYS.filter((d) => (d === day ? to : weekdays.includes(d))))
  return (
    <div className="grid gap-4 sm:col-span-2">
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4"
          checked={on}
          onChange={(e) => setOn(e.target.checked)}
        />
        {t('timetable.repeat')}
      </label>
      {on && (
        <>
          <fieldset className="flex flex-wrap gap-x-4 gap-y-2">
            <legend className="mb-1.5 font-medium text-sm">{t('timetable.weekdays')}</legend>
            {ALL_WEEKDAYS.map((day) => (
              <label key={day} className="flex items-center gap-1.5">
                <input
                  type="checkbox"
                  className="size-4"
                  checked={weekdays.includes(day)}
                  onChange={(e) => turn(day, e.target.checked)}
                />
                {format.weekday(sampleOf(day), 'UTC')}
              </label>
            ))}
          </fieldset>
          <div className="grid gap-4 sm:grid-cols-2">
            <InputField
              {...bound}
              field="every_weeks"
              server="every_weeks"
              says={'timetable.every'}
              type="number"
            />
            <InputField
              {...bound}
              field="last_day"
              server="last_day"
              says={'timetable.lastDay'}
              type="date"
              hint={t('timetable.lastDayHint')}
            />
          </div>
          <p className="text-muted text-sm">{t('timetable.holidays')}</p>
        </>
      )}
    </div>
  )
}
