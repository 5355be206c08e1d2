/* Gives the session to another trainer, who then marks in place of the first. */
import { useNavigate } from '@tanstack/react-router'
import { ArrowRightLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries/auth'
import { useHandOver } from '@/api/queries/registers'
import type { Session } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { ResourceChoice } from '@/components/resource-choice'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'

function HandOverDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const give = useHandOver(session.id)
  const wrong = fieldError(t, give.error, 'trainer_id')
  const submit = () =>
    give.mutate(
      { trainerId: Number(to), reason: reason.trim() },
      {
        onSuccess: (made) => {
          onClose()
          toast(t('handOver.done', { name: made.to_trainer_name }), { tone: 'ok' })
          if (me.role === 'trainer') void navigate({ to: '/sessions' })
        },
      },
    )
  return (
    <Dialog title={t('handOver.title')} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(e) => {
          e.preventDefault()
          submit()
        }}
      >
        <Field label={t('handOver.to')} hint={t('handOver.hint')} error={wrong}>
          {(control) => (
            <ResourceChoice
              name="trainers"
              control={control}
              required
              value={to}
              onChange={setTo}
            />
          )}
        </Field>
        <Field label={t('reason.label')}>
          {(control) => (
            <Textarea
              {...control}
              required
              maxLength={500}
              value={reason}
              onChange={(e) => setReason(e.target.value)}
            />
          )}
        </Field>
        {!wrong && <ProblemNote error={give.error} />}
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={give.isPending}
            disabled={!to || reason.trim() === ''}
          >
            {t('handOver.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}

export function HandOverButton({ session }: { session: Session }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  if (session.state !== 'scheduled' && session.state !== 'open') return null
  return (
    <>
      <Button variant="ghost" onClick={() => setAsking(true)}>
        <ArrowRightLeft aria-hidden className="size-4" />
        {t('handOver.button')}
      </Button>
      {asking && <HandOverDialog session={session} onClose={() => setAsking(false)} />}
    </>
  )
}
