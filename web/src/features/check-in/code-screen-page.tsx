/* For the projector: the rotating code, the PIN, and who has come so far. Nothing else. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft, Maximize, RefreshCw } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { codeImage, codeQuery, type ShownCode, useNewCode } from '@/api/queries/check-in'
import { registerQuery } from '@/api/queries/sessions'
import { ProblemNote } from '@/components/problem-note'
import { Button, buttonClass } from '@/components/ui/button'
import { useFormat } from '@/lib/format'
import { useWakeLock } from '@/lib/wake-lock'
import { Countdown } from './countdown'

const SLOT_S = 15
const route = getRouteApi('/sessions/$sessionId/code')

/* The next one is loaded before it is needed. */
function Codes({ code }: { code: ShownCode }) {
  const { t } = useTranslation()
  return (
    <div
      data-url={code.url}
      className="grid aspect-square w-full max-w-[min(70dvh,40rem)] rounded-2xl bg-white p-2"
    >
      {[code.slot, code.slot + 1].map((slot) => (
        <img
          key={slot}
          src={codeImage(code.session_id, slot)}
          alt={slot === code.slot ? t('checkin.codeAlt') : ''}
          className={slot === code.slot ? 'size-full' : 'hidden'}
        />
      ))}
    </div>
  )
}

function Came({ sessionId }: { sessionId: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useQuery(registerQuery(sessionId))
  if (!data) return null
  const away = /^(unmarked|absent|excused)$/
  const came = data.records.filter((r) => !away.test(r.status)).length
  return (
    <p aria-live="polite" className="text-xl">
      <span className="font-semibold text-4xl tabular-nums" data-came={came}>
        {t('checkin.came', { n: format.number(came), of: format.number(data.records.length) })}
      </span>{' '}
      <span className="text-muted">{t('checkin.cameLabel')}</span>
    </p>
  )
}

function Side({ code }: { code: ShownCode }) {
  const { t } = useTranslation()
  const { pin } = code
  return (
    <div className="grid content-center gap-8">
      <div className="flex items-center gap-4">
        <Countdown until={code.until} of={SLOT_S} />
        <p className="max-w-xs text-lg text-muted">{t('checkin.scan')}</p>
      </div>
      <div>
        <p className="text-lg text-muted">
          {t('checkin.orPin')}{' '}
          <bdi dir="ltr" className="font-medium text-fg">
            {`${code.url.replace(/^https?:\/\//, '').replace(/\/code#.*$/, '')}`}
          </bdi>
        </p>
        <p className="font-semibold text-7xl tabular-nums tracking-widest">
          <bdi dir="ltr" data-pin>
            {`${pin.slice(0, 3)} ${pin.slice(3)}`}
          </bdi>
        </p>
      </div>
      {!code.code_counts && <p className="text-warn">{t('checkin.codeCountsNot')}</p>}
      {code.code_counts && !code.pin_counts && (
        <p className="text-warn">{t('checkin.pinCountsNot')}</p>
      )}
      <Came sessionId={code.session_id} />
    </div>
  )
}

export function CodeScreenPage() {
  const { t } = useTranslation()
  const { sessionId } = route.useParams()
  const code = useQuery(codeQuery(sessionId))
  const { data: register } = useQuery(registerQuery(sessionId))
  const renew = useNewCode(sessionId)
  const title = register?.session.module_name ?? t('checkin.screenTitle')
  useWakeLock(true)
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  return (
    <main className="flex min-h-dvh flex-col gap-6 p-4 sm:p-8">
      <header className="flex flex-wrap items-center gap-3">
        <Link to="/sessions/$sessionId" params={{ sessionId }} className={buttonClass('ghost')}>
          <ArrowLeft aria-hidden className="flip-rtl size-4" />
          {t('checkin.back')}
        </Link>
        <h1 className="me-auto min-w-0 font-semibold text-2xl">
          <bdi>{title}</bdi>
        </h1>
        <Button busy={renew.isPending} disabled={!code.data} onClick={() => renew.mutate()}>
          <RefreshCw aria-hidden className="size-4" />
          {t('checkin.renew')}
        </Button>
        {document.fullscreenEnabled && (
          <Button onClick={() => void document.documentElement.requestFullscreen()}>
            <Maximize aria-hidden className="size-4" />
            {t('checkin.full')}
          </Button>
        )}
      </header>
      <ProblemNote error={code.error ?? renew.error} onRetry={() => void code.refetch()} />
      {code.data && !code.error && (
        <div className="grid flex-1 place-items-center gap-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Codes code={code.data} />
          <Side code={code.data} />
        </div>
      )}
    </main>
  )
}
