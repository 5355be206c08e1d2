/* For what cannot be undone: the person types the word that is shown. */
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from './problem-note'
import { Button } from './ui/button'
import { Dialog, DialogFoot } from './ui/dialog'
import { Field, Input } from './ui/field'

type Props = {
  title: string
  text: string
  submit: string
  busy: boolean
  error: unknown
  onClose: () => void
  onConfirm: () => void
}

export function TypedConfirm({ title, text, submit, busy, error, onClose, onConfirm }: Props) {
  const { t } = useTranslation()
  const word = t('confirm.word')
  const [typed, setTyped] = useState('')
  const same = typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase()
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          if (same) onConfirm()
        }}
        className="grid gap-4"
      >
        <p className="flex items-start gap-3 rounded-lg bg-bad-soft p-3 text-bad">
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          {text}
        </p>
        <Field label={t('confirm.label', { word })}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="off"
              value={typed}
              onChange={(e) => setTyped(e.target.value)}
            />
          )}
        </Field>
        <ProblemNote error={error} />
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="danger" busy={busy} disabled={!same}>
            {submit}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
