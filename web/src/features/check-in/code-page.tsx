/* A student checks in by a code that was just scanned, or by the PIN on the wall. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCheckIn } from '@/api/queries/check-in'
import { sessionsQuery } from '@/api/queries/sessions'
import type { Session } from '@/api/types'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Field, Input, Select } from '@/components/ui/field'
import { useFormat } from '@/lib/format'
import { needsPlace } from '@/lib/place'
import { takeCode } from '@/lib/scanned-code'
import { AnswerNote } from './answer-note'

const HALF_DAY_MS = 12 * 3600_000

/* Those of today, so that the key stays the same from render to render. */
const openNow = () => {
  const now = Date.now()
  return sessionsQuery({
    from: new Date(now - HALF_DAY_MS).toISOString(),
    to: new Date(now + HALF_DAY_MS).toISOString(),
    state: 'open',
  })
}

function PinForm({ sessions, onPin, busy }: PinFormProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [picked, setPicked] = useState<number>()
  const [pin, setPin] = useState('')
  const session = sessions.find((s) => s.id === picked) ?? sessions[0]
  if (!session) return <p className="text-muted">{t('checkin.noneOpen')}</p>
  return (
    <form
      className="grid max-w-sm gap-4"
      onSubmit={(e) => {
        e.preventDefault()
        onPin(session.id, pin.replaceAll(/\s/g, ''))
      }}
    >
      <Field label={t('checkin.session')}>
        {(control) => (
          <Select
            {...control}
            value={session.id}
            onChange={(e) => setPicked(Number(e.target.value))}
          >
            {sessions.map((s) => (
              <option key={s.id} value={s.id}>
                {`${s.module_name} · ${format.timeRange(s.starts_at, s.ends_at, s.time_zone)}`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label={t('checkin.pin')}
        hint={needsPlace(session.ways, 'pin') ? t('checkin.asksPlace') : undefined}
      >
        {(control) => (
          <Input
            {...control}
            value={pin}
            onChange={(e) => setPin(e.target.value)}
            dir="ltr"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={9}
            required
            className="h-12 text-center font-semibold text-2xl tracking-widest"
          />
        )}
      </Field>
      <Button type="submit" variant="primary" busy={busy}>
        {t('checkin.send')}
      </Button>
    </form>
  )
}

type PinFormProps = {
  sessions: readonly Session[]
  onPin: (sessionId: number, pin: string) => void
  busy: boolean
}

export function CodePage() {
  const { t } = useTranslation()
  const [open] = useState(openNow)
  const sessions = useQuery(open)
  const checkIn = useCheckIn()
  const sent = useRef(false)
  const { mutate } = checkIn
  useEffect(() => {
    if (sent.current) return
    sent.current = true
    const token = takeCode()
    if (token) mutate({ token })
  }, [mutate])
  return (
    <Guard need="check-in:self">
      <PageHead title={t('checkin.title')} hint={t('checkin.hint')} />
      <div className="grid max-w-2xl gap-6">
        {checkIn.isPending && <p role="status">{t('checkin.sending')}</p>}
        {checkIn.data && <AnswerNote answer={checkIn.data} />}
        <ProblemNote error={checkIn.error ?? sessions.error} />
        <Card>
          <CardHead title={t('checkin.pinTitle')} hint={t('checkin.pinHint')} />
          <PinForm
            sessions={sessions.data?.items ?? []}
            busy={checkIn.isPending}
            onPin={(sessionId, pin) => mutate({ sessionId, pin })}
          />
        </Card>
        <p className="text-muted text-sm">{t('checkin.privacy')}</p>
      </div>
    </Guard>
  )
}
