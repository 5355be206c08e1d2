/* The device's token is entered once; the browser then has a cookie of its own. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Room, signIn } from '@/api/kiosk'
import { asProblem } from '@/api/problem'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'

export function SignIn({ onIn }: { onIn: (room: Room) => void }) {
  const { t } = useTranslation()
  const [wrong, setWrong] = useState<'kiosk.tokenWrong' | 'kiosk.lost'>()
  const [busy, setBusy] = useState(false)
  const submit = async (e: React.FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const token = String(new FormData(e.currentTarget).get('token') ?? '')
    setBusy(true)
    try {
      onIn(await signIn(token))
    } catch (error) {
      const { status } = asProblem(error)
      setWrong(status === 401 || status === 422 ? 'kiosk.tokenWrong' : 'kiosk.lost')
    }
    setBusy(false)
  }
  return (
    <form
      noValidate
      onSubmit={(e) => void submit(e)}
      className="mx-auto grid w-full max-w-md content-center gap-5 p-6"
    >
      <h2 className="font-semibold text-2xl">{t('kiosk.signIn')}</h2>
      <Field
        label={t('kiosk.token')}
        hint={t('kiosk.tokenHint')}
        error={wrong && t(wrong)}
        id="token"
      >
        {(control) => (
          <Input {...control} name="token" type="password" autoComplete="off" spellCheck={false} />
        )}
      </Field>
      <Button type="submit" variant="primary" busy={busy}>
        {t('kiosk.start')}
      </Button>
    </form>
  )
}
