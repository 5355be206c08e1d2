import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSubstitute, useSubstituteEnd } from '@/api/queries/timetable'
import { Button } from '@/components/ui/button'
import { DialogFoot } from '@/components/ui/dialog'
import { toast } from '@/lib/toast'
import { ClashNote } from './clash-note'
import { InputField, LinkField, type Values } from './fields'
import type { FormProps } from './lesson-dialog'

export function SubstituteForm({ session, zone, onClose, onBack }: FormProps) {
  const { t } = useTranslation()
  const [put, end] = [useSubstitute(), useSubstituteEnd()]
  const [values, setValues] = useState<Values>({})
  const set = (name: string, value: string) => setValues((old) => ({ ...old, [name]: value }))
  const bound = { values, error: put.error, set }
  const done = {
    onSuccess: () => {
      onClose()
      toast(t('timetable.changed'), { tone: 'ok' })
    },
  }
  const save = (allowClash: boolean) =>
    put.mutate(
      {
        id: session.id,
        trainer: Number(values.trainer_id),
        reason: (values.reason ?? '').trim(),
        allowClash,
      },
      done,
    )
  return (
    <form
      className="grid gap-4"
      onSubmit={(e) => {
        e.preventDefault()
        save(false)
      }}
    >
      <LinkField
        {...bound}
        field="trainer_id"
        server="trainer_id"
        name="trainers"
        says={'timetable.standsIn'}
        required
      />
      <InputField
        {...bound}
        field="reason"
        server="reason"
        says={'reason.label'}
        type="text"
        hint={t('timetable.told')}
      />
      <ClashNote error={put.error ?? end.error} zone={zone} onAnyway={() => save(true)} />
      <DialogFoot>
        <Button onClick={onBack}>{t('timetable.back')}</Button>
        {session.planned_trainer_id !== null && (
          <Button busy={end.isPending} onClick={() => end.mutate(session.id, done)}>
            {t('timetable.giveBack')}
          </Button>
        )}
        <Button type="submit" variant="primary" busy={put.isPending}>
          {t('common.save')}
        </Button>
      </DialogFoot>
    </form>
  )
}
