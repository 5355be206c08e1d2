/* A reason for absences: what people read, what it asks for, what the register shows. */
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { type Reason, useAddReason, useChangeReason } from '@/api/queries/reasons'
import { statusCodesQuery } from '@/api/queries/registers'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input, Select } from '@/components/ui/field'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { useUi } from '@/lib/ui-store'

const LABELS = ['label_en', 'label_fr', 'label_ar'] as const

export function ReasonForm({ reason, onClose }: { reason?: Reason; onClose: () => void }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const codes = useQuery(statusCodesQuery)
  const add = useAddReason()
  const change = useChangeReason()
  const error = add.error ?? change.error
  const wrong = (field: string) => fieldError(t, error, field)
  const excused = codes.data?.items.filter((c) => c.category === 'excused')
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    const text = (key: string) => String(form.get(key) ?? '').trim()
    const body = {
      code: text('code'),
      label_en: text('label_en'),
      label_fr: text('label_fr'),
      label_ar: text('label_ar'),
      needs_document: form.get('needs_document') === 'on',
      status_code: text('status_code') || null,
      position: Number(text('position')),
    }
    const done = {
      onSuccess: () => {
        onClose()
        toast(t('reasons.saved'), { tone: 'ok' as const })
      },
    }
    if (reason) change.mutate({ reason, body }, done)
    else add.mutate(body, done)
  }
  return (
    <Dialog title={t(reason ? 'reasons.edit' : 'reasons.add')} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        {LABELS.map((key) => (
          <Field key={key} label={t(`reasons.${key}`)} error={wrong(key)}>
            {(control) => (
              <Input
                {...control}
                name={key}
                required
                maxLength={100}
                dir={key === 'label_ar' ? 'rtl' : 'ltr'}
                defaultValue={reason?.[key]}
              />
            )}
          </Field>
        ))}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('reasons.code')} hint={t('reasons.codeHint')} error={wrong('code')}>
            {(control) => (
              <Input
                {...control}
                name="code"
                dir="ltr"
                required
                maxLength={40}
                defaultValue={reason?.code}
              />
            )}
          </Field>
          <Field
            label={t('reasons.position')}
            hint={t('reasons.positionHint')}
            error={wrong('position')}
          >
            {(control) => (
              <Input
                {...control}
                name="position"
                type="number"
                required
                min={0}
                max={100_000}
                defaultValue={reason?.position ?? 0}
              />
            )}
          </Field>
        </div>
        <Field label={t('reasons.status')} error={wrong('status_code')}>
          {(control) => (
            <Select
              {...control}
              key={excused ? 'there' : 'coming'}
              name="status_code"
              defaultValue={reason?.status_code ?? ''}
            >
              <option value="">{t('reasons.statusDefault')}</option>
              {excused?.map((c) => (
                <option key={c.id} value={c.code}>
                  {`${c.code} – ${c[`label_${lang}`]}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            name="needs_document"
            defaultChecked={reason?.needs_document ?? false}
            className="size-5"
          />
          {t('reasons.needsDocument')}
        </label>
        <ProblemNote error={error} />
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={!excused}
            busy={add.isPending || change.isPending}
          >
            {t('common.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
