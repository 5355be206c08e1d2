/* "This mark is wrong": a student disputes the own mark, sees the answer, or takes it back. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ownDisputesQuery, useDispute, useWithdraw } from '@/api/queries/registers'
import type { Claim, Dispute, StudentRecord } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Select, Textarea } from '@/components/ui/field'
import { fieldError, problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'

const CLAIMS = ['present', 'late', 'partial', 'left_early', 'remote', 'excused'] as const
const TONES = { open: 'warn', accepted: 'ok', rejected: 'bad', withdrawn: 'idle' } as const

function AskDialog({ record, onClose }: { record: StudentRecord; onClose: () => void }) {
  const { t } = useTranslation()
  const claims = CLAIMS.filter((c) => c !== record.status)
  const [claimed, setClaimed] = useState<Claim>(claims[0] ?? 'present')
  const [message, setMessage] = useState('')
  const dispute = useDispute()
  return (
    <Dialog title={t('dispute.title')} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(e) => {
          e.preventDefault()
          dispute.mutate(
            { sessionId: record.id, claimed, message: message.trim() },
            { onSuccess: onClose },
          )
        }}
      >
        <Field label={t('dispute.claimed')} error={fieldError(t, dispute.error, 'claimed')}>
          {(control) => (
            <Select
              {...control}
              value={claimed}
              onChange={(e) => setClaimed(claims.find((c) => c === e.target.value) ?? claimed)}
            >
              {claims.map((c) => (
                <option key={c} value={c}>
                  {t(`status.${c}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('dispute.message')} hint={t('dispute.hint')}>
          {(control) => (
            <Textarea
              {...control}
              required
              maxLength={1000}
              value={message}
              onChange={(e) => setMessage(e.target.value)}
            />
          )}
        </Field>
        <ProblemNote error={dispute.error} />
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={dispute.isPending}
            disabled={message.trim() === ''}
          >
            {t('dispute.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}

function State({ of }: { of: Dispute }) {
  const { t } = useTranslation()
  const withdraw = useWithdraw()
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      <Tag tone={TONES[of.state]}>{t(`dispute.own.${of.state}`)}</Tag>
      {of.answer && <bdi>{of.answer}</bdi>}
      {of.state === 'open' && (
        <Button
          size="sm"
          variant="ghost"
          busy={withdraw.isPending}
          onClick={() =>
            withdraw.mutate(of.id, {
              onError: (error) => toast(problemText(t, error), { tone: 'bad' }),
            })
          }
        >
          {t('dispute.withdraw')}
        </Button>
      )}
    </span>
  )
}

export function DisputeMark({ studentId, record }: { studentId: number; record: StudentRecord }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const own = useQuery(ownDisputesQuery(studentId))
  const last = own.data?.items.findLast((d) => d.session_id === record.id)
  if (record.status === 'unmarked') return null
  return (
    <>
      {last && last.state !== 'withdrawn' && <State of={last} />}
      {last?.state !== 'open' && (
        <Button size="sm" variant="ghost" onClick={() => setAsking(true)}>
          {t('dispute.button')}
        </Button>
      )}
      {asking && <AskDialog record={record} onClose={() => setAsking(false)} />}
    </>
  )
}
