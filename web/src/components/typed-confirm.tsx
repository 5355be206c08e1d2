/* For what cannot be undone: the person types the word that is shown. */
import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from './problem-note'
import { Button } from './ui/button'
import { Dialog, DialogFoot } from './ui/dialog'
import { Field, Input } from './ui/field'

/* What is to be typed exactly as it is, and what the server found wrong with it. */
export type ExactWord = { word: string; label: string; wrong: string | undefined }

type Props = {
  title: string
  text: string
  submit: string
  busy: boolean
  error: unknown
  /* Without it, the language's own word in any case. */
  exact?: ExactWord
  /* What stands between the warning and the field. */
  children?: ReactNode
  onClose: () => void
  onConfirm: (typed: string) => void
}

export function TypedConfirm(props: Props) {
  const { title, text, submit, busy, error, exact, children, onClose, onConfirm } = props
  const { t } = useTranslation()
  const word = t('confirm.word')
  const [typed, setTyped] = useState('')
  const said = typed.trim()
  const same = exact ? said === exact.word : said.toLocaleLowerCase() === word.toLocaleLowerCase()
  return (
    <Dialog title={title} onClose={onClose} wide={children !== undefined}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          if (same) onConfirm(said)
        }}
        className="grid gap-4"
      >
        <p className="flex items-start gap-3 rounded-lg bg-bad-soft p-3 text-bad">
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          {text}
        </p>
        {children}
        <Field label={exact?.label ?? t('confirm.label', { word })} error={exact?.wrong}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              value={typed}
              onChange={(e) => setTyped(e.target.value)}
            />
          )}
        </Field>
        {!exact?.wrong && <ProblemNote error={error} />}
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
