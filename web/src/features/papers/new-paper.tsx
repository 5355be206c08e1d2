/* The form that announces or justifies an absence; papers are added on the page that follows. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { useMe } from '@/api/queries/auth'
import { reasonsQuery, useMakePaper } from '@/api/queries/papers'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Select, Textarea } from '@/components/ui/field'
import { fieldError } from '@/lib/problem-text'
import { useUi } from '@/lib/ui-store'
import { labelOf } from './looks'
import { timeFields, today, WhenFields } from './when'
import { StudentChoice, WardChoice } from './who'

/* The field says it; other problems are said at the end. */
const isOfField = (error: unknown) => error instanceof ApiProblem && error.fields.length > 0

function ReasonField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const reasons = useQuery(reasonsQuery)
  const items = reasons.data?.items ?? []
  const chosen = items.find((r) => String(r.id) === value)
  return (
    <Field
      label={t('papers.reason')}
      hint={chosen?.needs_document ? t('papers.needsDocument') : undefined}
    >
      {(control) => (
        <Select {...control} required value={value} onChange={(e) => onChange(e.target.value)}>
          <option value="">{t('common.choose')}</option>
          {items.map((r) => (
            <option key={r.id} value={r.id}>
              {labelOf({ en: r.label_en, fr: r.label_fr, ar: r.label_ar }, lang)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

export function NewPaperDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const make = useMakePaper()
  const [student, setStudent] = useState('')
  const [reason, setReason] = useState('')
  const [message, setMessage] = useState('')
  const [when, setWhen] = useState(today)
  const wrong = (field: string) => fieldError(t, make.error, field)
  const submit = (e: FormEvent) => {
    e.preventDefault()
    make.mutate(
      {
        reason_id: Number(reason),
        ...(student ? { student_id: Number(student) } : {}),
        ...(message.trim() ? { message: message.trim() } : {}),
        ...timeFields(when, me.school_zone),
      } as Parameters<typeof make.mutate>[0],
      {
        onSuccess: (paper) =>
          void navigate({
            to: '/justifications/$justificationId',
            params: { justificationId: paper.id },
          }),
      },
    )
  }
  const who = { value: student, onChange: setStudent, error: wrong('student_id') }
  return (
    <Dialog title={t('papers.new')} onClose={onClose} wide>
      <form onSubmit={submit} className="grid gap-4">
        {me.role === 'guardian' && <WardChoice {...who} />}
        {me.role === 'admin' && <StudentChoice {...who} />}
        <WhenFields zone={me.school_zone} value={when} onChange={setWhen} wrong={wrong} />
        <ReasonField value={reason} onChange={setReason} />
        <Field label={t('papers.message')} optional={t('common.optional')} error={wrong('message')}>
          {(control) => (
            <Textarea
              {...control}
              maxLength={2000}
              value={message}
              onChange={(e) => setMessage(e.target.value)}
            />
          )}
        </Field>
        {!isOfField(make.error) && <ProblemNote error={make.error} />}
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={make.isPending}>
            {t('papers.send')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
