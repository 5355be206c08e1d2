import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldError } from '@/lib/problem-text'
import { ProblemNote } from './problem-note'
import { Button } from './ui/button'
import { Dialog, DialogFoot } from './ui/dialog'
import { Field, Textarea } from './ui/field'

type Props = {
  title: string
  hint: string
  submit: string
  busy: boolean
  error: unknown
  onClose: () => void
  onSubmit: (reason: string) => void
}

export function ReasonDialog({ title, hint, submit, busy, error, onClose, onSubmit }: Props) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const wrong = fieldError(t, error, 'reason')
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          onSubmit(reason.trim())
        }}
        className="grid gap-4"
      >
        <Field label={t('reason.label')} hint={hint} error={wrong}>
          {(control) => (
            <Textarea
              {...control}
              required
              maxLength={500}
              autoFocus
              value={reason}
              onChange={(e) => setReason(e.target.value)}
            />
          )}
        </Field>
        {!wrong && <ProblemNote error={error} />}
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={reason.trim() === ''}>
            {submit}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
