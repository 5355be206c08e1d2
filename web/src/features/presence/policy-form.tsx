/* One kind of session: what holds for it in words, and the form that changes it. */
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type PresencePolicy, useDropPolicy, useSetPolicy } from '@/api/queries/presence'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { useUi } from '@/lib/ui-store'

const MINUTES = ['open_before_min', 'late_after_min', 'absent_after_min'] as const

export function PolicyForm({ policy }: { policy: PresencePolicy }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const [open, setOpen] = useState(false)
  const name = policy.kind === 'any' ? t('presence.any') : t(`kind.${policy.kind}`)
  return (
    <section className="rounded-lg bg-sunk p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium">{name}</h3>
        <Tag tone={policy.source === 'own' ? 'ok' : 'idle'}>
          {t(`presence.source.${policy.source}`)}
        </Tag>
        <Button
          size="sm"
          className="ms-auto"
          aria-expanded={open}
          aria-label={open ? undefined : t('presence.changeOf', { kind: name })}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'common.close' : 'presence.change')}
        </Button>
      </div>
      <p className="mt-2 text-sm first-letter:uppercase">{policy[`ways_${lang}`]}</p>
      <p className="text-muted text-sm">
        {t('presence.minutes', {
          open: policy.open_before_min,
          late: policy.late_after_min,
          absent: policy.absent_after_min,
        })}{' '}
        {policy.check_out && t('presence.withCheckOut')}{' '}
        {policy.min_minutes > 0 && t('presence.least', { count: policy.min_minutes })}
      </p>
      {open && <Form policy={policy} />}
    </section>
  )
}

function Form({ policy }: { policy: PresencePolicy }) {
  const { t } = useTranslation()
  const set = useSetPolicy(policy)
  const drop = useDropPolicy(policy)
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    const number = (key: string) => {
      const text = String(form.get(key)).trim()
      return text === '' ? null : Number(text)
    }
    set.mutate(
      {
        ways: String(form.get('ways')),
        open_before_min: number('open_before_min'),
        late_after_min: number('late_after_min'),
        absent_after_min: number('absent_after_min'),
        check_out: form.get('check_out') === 'on',
        min_minutes: number('min_minutes') ?? 0,
        apply_to_scheduled: form.get('apply') === 'on',
      },
      {
        onSuccess: (done) =>
          toast(
            done.applied === null
              ? t('presence.saved')
              : t('presence.applied', { count: done.applied }),
            { tone: 'ok' },
          ),
      },
    )
  }
  return (
    <form onSubmit={submit} className="mt-4 grid gap-4">
      <Field
        label={t('presence.ways')}
        hint={t('presence.waysHint')}
        error={fieldError(t, set.error, 'ways') && t('presence.waysWrong')}
      >
        {(control) => (
          <Input
            {...control}
            name="ways"
            dir="ltr"
            required
            maxLength={200}
            defaultValue={policy.ways}
          />
        )}
      </Field>
      <div className="grid gap-3 sm:grid-cols-4">
        {MINUTES.map((key) => (
          <Field key={key} label={t(`presence.${key}`)} error={fieldError(t, set.error, key)}>
            {(control) => (
              <Input
                {...control}
                name={key}
                type="number"
                min={key === 'absent_after_min' ? 1 : 0}
                max={720}
                placeholder={String(policy[key])}
                defaultValue={policy.from_options.includes(key) ? '' : policy[key]}
              />
            )}
          </Field>
        ))}
        <Field label={t('presence.min_minutes')} error={fieldError(t, set.error, 'min_minutes')}>
          {(control) => (
            <Input
              {...control}
              name="min_minutes"
              type="number"
              min={0}
              max={1440}
              defaultValue={policy.min_minutes}
            />
          )}
        </Field>
      </div>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          name="check_out"
          defaultChecked={policy.check_out}
          className="size-5"
        />
        {t('presence.checkOut')}
      </label>
      <label className="flex items-center gap-2">
        <input type="checkbox" name="apply" className="size-5" />
        {t('presence.apply')}
      </label>
      <ProblemNote error={set.error ?? drop.error} />
      <div className="flex flex-wrap justify-end gap-2">
        {policy.source === 'own' && (
          <Button busy={drop.isPending} onClick={() => drop.mutate(undefined)}>
            {t('presence.drop')}
          </Button>
        )}
        <Button type="submit" variant="primary" busy={set.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
