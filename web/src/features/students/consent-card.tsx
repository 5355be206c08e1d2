/* Whether a face may be used, who said so and when; giving it, and taking it back for good. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { useRefuseConsent } from '@/api/queries/privacy'
import { consentQuery, useWithdrawConsent } from '@/api/queries/students'
import type { Consent, Student } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { TypedConfirm } from '@/components/typed-confirm'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { toast } from '@/lib/toast'
import { ConsentDialog } from './consent-dialog'

const TONE = {
  given: 'ok',
  none: 'idle',
  withdrawn: 'warn',
  refused: 'warn',
  assented: 'idle',
} as const

function Facts({ consent }: { consent: Consent }) {
  const { t } = useTranslation()
  const format = useFormat()
  const by = consent.given_by ?? 'student'
  return (
    <div className="grid gap-1 text-muted text-sm">
      {consent.given_at && (
        <p>
          {t(`consent.by.${by}`, {
            name: consent.given_by_name ?? '',
            time: format.dateTime(consent.given_at),
          })}
        </p>
      )}
      {consent.withdrawn_at && (
        <p>{t('consent.withdrawnAt', { time: format.dateTime(consent.withdrawn_at) })}</p>
      )}
      {consent.text_version && <p>{t('consent.version', { version: consent.text_version })}</p>}
    </div>
  )
}

export function ConsentCard({ student, own }: { student: Student; own: boolean }) {
  const { t } = useTranslation()
  const mayGive = useMay('consent:give')
  const consent = useQuery(consentQuery(student.id))
  const withdraw = useWithdrawConsent(student.id)
  const refuse = useRefuseConsent(student.id)
  const [dialog, setDialog] = useState<'give' | 'withdraw'>()
  const state = consent.data?.state
  return (
    <Card>
      <CardHead title={t('consent.title')} hint={t('consent.short')} />
      <ProblemNote error={consent.data ? null : consent.error} />
      {consent.isPending && <Skeleton className="h-16" />}
      {consent.data && state && (
        <div className="grid justify-items-start gap-3">
          <Tag tone={TONE[state]}>{t(`consent.state.${state}`)}</Tag>
          <Facts consent={consent.data} />
          {mayGive &&
            (state === 'given' ? (
              <Button variant="danger" onClick={() => setDialog('withdraw')}>
                {t('consent.withdraw')}
              </Button>
            ) : consent.data.blocked && !own ? (
              <p className="text-muted text-sm">{t('privacy.blocked')}</p>
            ) : (
              <div className="flex flex-wrap gap-2">
                <Button variant="primary" onClick={() => setDialog('give')}>
                  {t('consent.give')}
                </Button>
                {state !== 'refused' && (
                  <Button
                    busy={refuse.isPending}
                    onClick={() =>
                      refuse.mutate(undefined, {
                        onSuccess: () => toast(t('privacy.refused'), { tone: 'ok' }),
                      })
                    }
                  >
                    {t('privacy.refuse')}
                  </Button>
                )}
              </div>
            ))}
          <ProblemNote error={refuse.error} />
        </div>
      )}
      {dialog === 'give' && (
        <ConsentDialog student={student} own={own} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'withdraw' && (
        <TypedConfirm
          title={t('consent.withdraw')}
          text={t('consent.withdrawText')}
          submit={t('consent.withdraw')}
          busy={withdraw.isPending}
          error={withdraw.error}
          onClose={() => setDialog(undefined)}
          onConfirm={() =>
            withdraw.mutate(undefined, {
              onSuccess: () => {
                setDialog(undefined)
                toast(t('consent.withdrawnNow'), { tone: 'ok' })
              },
            })
          }
        />
      )}
    </Card>
  )
}
