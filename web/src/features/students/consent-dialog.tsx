import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { consentTextQuery } from '@/api/queries/privacy'
import { useGiveConsent } from '@/api/queries/students'
import type { Student } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { useUi } from '@/lib/ui-store'

const ADULT_YEARS = 18

function isMinor(birthDate: string | null): boolean {
  if (!birthDate) return false
  const limit = new Date()
  limit.setFullYear(limit.getFullYear() - ADULT_YEARS)
  return new Date(birthDate) > limit
}

type Props = { student: Student; own: boolean; onClose: () => void }

export function ConsentDialog({ student, own, onClose }: Props) {
  const { t } = useTranslation()
  const locale = useUi((s) => s.lang)
  const give = useGiveConsent(student.id)
  const [by, setBy] = useState<'student' | 'guardian'>(
    !own && isMinor(student.birth_date) ? 'guardian' : 'student',
  )
  const text = useQuery(consentTextQuery(locale))
  const asksAge = by === 'student' && student.birth_date === null
  const [ofAge, setOfAge] = useState(false)
  const [name, setName] = useState('')
  const [read, setRead] = useState(false)
  const guardian = by === 'guardian'
  return (
    <Dialog title={t('consent.give')} onClose={onClose} wide>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          give.mutate(
            {
              given_by: by,
              ...(guardian ? { given_by_name: name.trim() } : {}),
              text_version: text.data?.version ?? '',
              ...(asksAge ? { of_age: ofAge } : {}),
              locale,
            },
            {
              onSuccess: () => {
                onClose()
                toast(t('consent.givenNow'), { tone: 'ok' })
              },
            },
          )
        }}
        className="grid gap-5"
      >
        <div className="grid gap-2 rounded-lg bg-sunk p-4 text-sm">
          <ProblemNote error={text.data ? null : text.error} />
          {text.data?.paragraphs.map((part) => (
            <p key={part}>{part}</p>
          ))}
        </div>
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 font-medium text-sm">{t('consent.who')}</legend>
          {(own ? (['student'] as const) : (['student', 'guardian'] as const)).map((who) => (
            <label key={who} className="flex items-center gap-2.5">
              <input
                type="radio"
                name="by"
                value={who}
                checked={by === who}
                onChange={() => setBy(who)}
                className="size-4 accent-(--accent)"
              />
              {t(`consent.who.${who}`)}
            </label>
          ))}
        </fieldset>
        {asksAge && (
          <fieldset className="grid gap-2">
            <legend className="mb-1.5 font-medium text-sm">{t('privacy.ofAge')}</legend>
            {(['yes', 'no'] as const).map((answer) => (
              <label key={answer} className="flex items-center gap-2.5">
                <input
                  type="radio"
                  name="of-age"
                  checked={ofAge === (answer === 'yes')}
                  onChange={() => setOfAge(answer === 'yes')}
                  className="size-4 accent-(--accent)"
                />
                {t(`privacy.ofAge.${answer}`)}
              </label>
            ))}
          </fieldset>
        )}
        {guardian && (
          <Field
            label={t('consent.guardianName')}
            error={fieldError(t, give.error, 'given_by_name')}
          >
            {(control) => (
              <Input
                {...control}
                required
                maxLength={200}
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
            )}
          </Field>
        )}
        <label className="flex items-start gap-2.5">
          <input
            type="checkbox"
            checked={read}
            onChange={(e) => setRead(e.target.checked)}
            className="mt-1 size-4 accent-(--accent)"
          />
          {t('consent.read')}
        </label>
        <ProblemNote error={give.error} />
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={give.isPending}
            disabled={!read || !text.data}
          >
            {t('consent.record')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
