import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Scope, useCancel } from '@/api/queries/timetable'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { DialogFoot } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { toast } from '@/lib/toast'
import type { FormProps } from './lesson-dialog'
import { ScopeChoice } from './scope-choice'

export function CancelForm({ session, onClose, onBack }: FormProps) {
  const { t } = useTranslation()
  const cancel = useCancel()
  const [scope, setScope] = useState<Scope>('this')
  const [reason, setReason] = useState('')
  return (
    <form
      className="grid gap-4"
      onSubmit={(e) => {
        e.preventDefault()
        cancel.mutate(
          { session, scope, reason: reason.trim() },
          {
            onSuccess: () => {
              onClose()
              toast(t('timetable.cancelled'), { tone: 'ok' })
            },
          },
        )
      }}
    >
      {session.series_id !== null && <ScopeChoice scope={scope} setScope={setScope} />}
      <Field label={t('reason.label')} hint={t('timetable.told')}>
        {(control) => (
          <Textarea
            {...control}
            required
            maxLength={500}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        )}
      </Field>
      <ProblemNote error={cancel.error} />
      <DialogFoot>
        <Button onClick={onBack}>{t('timetable.back')}</Button>
        <Button
          type="submit"
          variant="danger"
          busy={cancel.isPending}
          disabled={reason.trim() === ''}
        >
          {t('timetable.cancel')}
        </Button>
      </DialogFoot>
    </form>
  )
}
