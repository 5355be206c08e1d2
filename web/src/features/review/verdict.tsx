/* A sentence and two buttons: how a dispute or a signal is answered. */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '@/components/problem-note'
import { Button, type ButtonVariant } from '@/components/ui/button'
import { Input } from '@/components/ui/field'

export type Choice = { key: string; label: string; variant?: ButtonVariant; needsWords?: boolean }

type Props = {
  choices: readonly Choice[]
  about: string
  busy: boolean
  error: unknown
  onChoose: (key: string, message: string) => void
}

export function Verdict({ choices, about, busy, error, onChoose }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [message, setMessage] = useState('')
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="sr-only">
        {t('review.answer', { about })}
      </label>
      <Input
        id={id}
        value={message}
        maxLength={500}
        placeholder={t('review.answerHint')}
        onChange={(e) => setMessage(e.target.value)}
        className="min-w-0 flex-1 basis-48"
      />
      {choices.map((c) => (
        <Button
          key={c.key}
          variant={c.variant ?? 'outline'}
          busy={busy}
          disabled={c.needsWords && message.trim() === ''}
          onClick={() => onChoose(c.key, message.trim())}
        >
          {c.label}
        </Button>
      ))}
      <ProblemNote error={error} className="w-full" />
    </div>
  )
}
