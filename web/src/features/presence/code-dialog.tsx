/* A new status code, or what may change of one: its letter and category are fixed. */
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { type NewCode, type StatusCode, useAddCode, useChangeCode } from '@/api/queries/presence'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input, Select } from '@/components/ui/field'
import { fieldError } from '@/lib/problem-text'

const CATEGORIES = [
  'present',
  'late',
  'partial',
  'left_early',
  'remote',
  'absent',
  'excused',
] as const
const LABELS = ['label_en', 'label_fr', 'label_ar'] as const

export function CodeDialog({ code, onClose }: { code: StatusCode | null; onClose: () => void }) {
  const { t } = useTranslation()
  const add = useAddCode()
  const change = useChangeCode()
  const error = add.error ?? change.error
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    const text = (key: string) => String(form.get(key) ?? '').trim()
    const body = {
      label_en: text('label_en'),
      label_fr: text('label_fr'),
      label_ar: text('label_ar'),
      colour: text('colour'),
      ...(text('weight') !== '' && { weight: Math.round(Number(text('weight')) * 10) }),
      ...(form.get('is_default') === 'on' && { is_default: true }),
    }
    const done = { onSuccess: onClose }
    if (code) change.mutate({ code, body }, done)
    else {
      const category = text('category') as NewCode['category']
      add.mutate({ code: text('code'), category, ...body }, done)
    }
  }
  const archive = () =>
    code && change.mutate({ code, body: { archived: !code.archived } }, { onSuccess: onClose })
  return (
    <Dialog title={code ? code.code : t('presence.addCode')} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        {!code && (
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label={t('presence.code')} error={fieldError(t, error, 'code')}>
              {(control) => <Input {...control} name="code" dir="ltr" required maxLength={8} />}
            </Field>
            <Field label={t('presence.category')}>
              {(control) => (
                <Select {...control} name="category" required>
                  {CATEGORIES.map((c) => (
                    <option key={c} value={c}>
                      {t(`status.${c}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        )}
        {LABELS.map((key) => (
          <Field key={key} label={t(`presence.${key}`)} error={fieldError(t, error, key)}>
            {(control) => (
              <Input
                {...control}
                name={key}
                required
                maxLength={80}
                dir={key === 'label_ar' ? 'rtl' : 'ltr'}
                defaultValue={code?.[key]}
              />
            )}
          </Field>
        ))}
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t('presence.colour')} error={fieldError(t, error, 'colour')}>
            {(control) => (
              <Input
                {...control}
                name="colour"
                type="color"
                defaultValue={code?.colour ?? '#1d4ed8'}
              />
            )}
          </Field>
          {code?.category !== 'excused' && (
            <Field label={t('presence.weight')} error={fieldError(t, error, 'weight')}>
              {(control) => (
                <Input
                  {...control}
                  name="weight"
                  type="number"
                  min={0}
                  max={100}
                  step={0.1}
                  defaultValue={code ? code.weight / 10 : ''}
                />
              )}
            </Field>
          )}
        </div>
        {!code?.is_default && !code?.archived && (
          <label className="flex items-center gap-2">
            <input type="checkbox" name="is_default" className="size-5" />
            {t('presence.makeDefault')}
          </label>
        )}
        <ProblemNote error={error} />
        <DialogFoot>
          {code && !code.is_default && (
            <Button busy={change.isPending} onClick={archive}>
              {code.archived ? t('presence.restore') : t('presence.archive')}
            </Button>
          )}
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={add.isPending || change.isPending}>
            {t('common.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
