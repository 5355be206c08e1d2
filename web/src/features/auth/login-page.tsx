import { Eye, EyeOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as v from 'valibot'
import { useLogin } from '@/api/queries/login'
import type { Me } from '@/api/types'
import { LanguageSelect, ThemeSwitch } from '@/components/preferences'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { LoginArt } from './login-art'

const schema = v.object({
  email: v.pipe(v.string(), v.trim(), v.email('login.emailWrong')),
  password: v.pipe(v.string(), v.nonEmpty('login.passwordMissing')),
})

type LoginKey = 'login.emailWrong' | 'login.passwordMissing'

type Values = v.InferOutput<typeof schema>
type Wrong = Partial<Record<keyof Values, LoginKey>>

function check(values: Values): Wrong {
  const { issues } = v.safeParse(schema, values)
  const found = issues ? v.flatten<typeof schema>(issues).nested : undefined
  return {
    ...(found?.email ? { email: found.email[0] as LoginKey } : {}),
    ...(found?.password ? { password: found.password[0] as LoginKey } : {}),
  }
}

/* `was`: who was signed in before, where the page behind is kept for them. */
type FormProps = { was?: Me; onIn: (me: Me) => void }

export function LoginForm({ was, onIn }: FormProps) {
  const { t } = useTranslation()
  const login = useLogin(was?.id)
  const [shown, setShown] = useState(false)
  const [wrong, setWrong] = useState<Wrong>({})
  const submit = (e: React.FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    const values = { email: String(form.get('email')), password: String(form.get('password')) }
    const found = check(values)
    setWrong(found)
    if (found.email || found.password) {
      e.currentTarget.querySelector<HTMLElement>(found.email ? '#email' : '#password')?.focus()
      return
    }
    login.mutate(values, { onSuccess: onIn })
  }
  return (
    <form noValidate onSubmit={submit} className="grid gap-5">
      <Field label={t('login.email')} error={wrong.email && t(wrong.email)} id="email">
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            dir="ltr"
            autoComplete="username"
            autoFocus={!was}
            defaultValue={was?.email}
            className="h-11 text-start"
          />
        )}
      </Field>
      <Field label={t('login.password')} error={wrong.password && t(wrong.password)} id="password">
        {(control) => (
          <div className="relative">
            <Input
              {...control}
              name="password"
              type={shown ? 'text' : 'password'}
              autoComplete="current-password"
              className="h-11 pe-12"
            />
            <button
              type="button"
              aria-pressed={shown}
              aria-label={t('login.showPassword')}
              onClick={() => setShown(!shown)}
              className="absolute end-1 top-1 grid size-9 place-items-center rounded-md text-muted hover:bg-idle-soft"
            >
              {shown ? (
                <EyeOff aria-hidden className="size-4" />
              ) : (
                <Eye aria-hidden className="size-4" />
              )}
            </button>
          </div>
        )}
      </Field>
      <ProblemNote error={login.error} />
      <Button type="submit" variant="primary" busy={login.isPending} className="h-11">
        {t('login.submit')}
      </Button>
    </form>
  )
}

export function LoginPage({ onIn }: { onIn: () => void }) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${t('login.title')} · ${t('app.name')}`
  }, [t])
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <LoginArt />
      <main className="flex flex-col p-6 sm:p-10">
        <div className="flex items-center justify-end gap-2 text-muted">
          <LanguageSelect className="w-36" />
          <ThemeSwitch />
        </div>
        <div className="m-auto w-full max-w-sm py-10">
          <img src="/favicon.svg" alt="" className="mb-6 size-12 lg:hidden" />
          <h1 className="font-semibold text-3xl tracking-tight">{t('login.title')}</h1>
          <p className="mt-1 mb-8 text-muted">{t('login.hint')}</p>
          <LoginForm onIn={onIn} />
        </div>
      </main>
    </div>
  )
}
