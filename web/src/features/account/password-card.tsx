import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangePassword } from '@/api/queries/auth'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Field, Input } from '@/components/ui/field'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'

const SHORTEST = 10

export function PasswordCard() {
  const { t } = useTranslation()
  const change = useChangePassword()
  const [current, setCurrent] = useState('')
  const [wanted, setWanted] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && wanted !== again
  const ofField =
    fieldError(t, change.error, 'new_password') ?? fieldError(t, change.error, 'current_password')
  const done = () => {
    setCurrent('')
    setWanted('')
    setAgain('')
    toast(t('account.passwordChanged'), { tone: 'ok' })
  }
  return (
    <Card>
      <CardHead title={t('account.password')} hint={t('account.passwordHint')} />
      <form
        onSubmit={(e) => {
          e.preventDefault()
          if (wanted !== again) return
          change.mutate({ current_password: current, new_password: wanted }, { onSuccess: done })
        }}
        className="grid gap-4"
      >
        <Field
          label={t('account.currentPassword')}
          error={fieldError(t, change.error, 'current_password')}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              required
              autoComplete="current-password"
              value={current}
              onChange={(e) => setCurrent(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('account.newPassword')} error={fieldError(t, change.error, 'new_password')}>
          {(control) => (
            <Input
              {...control}
              type="password"
              required
              minLength={SHORTEST}
              autoComplete="new-password"
              value={wanted}
              onChange={(e) => setWanted(e.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('account.repeatPassword')}
          error={differs ? t('account.passwordsDiffer') : undefined}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              required
              autoComplete="new-password"
              value={again}
              onChange={(e) => setAgain(e.target.value)}
            />
          )}
        </Field>
        {!ofField && <ProblemNote error={change.error} />}
        <div>
          <Button type="submit" variant="primary" busy={change.isPending} disabled={differs}>
            {t('account.changePassword')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
