/* A student checks in to an open session by showing the own face and doing what is asked. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ScanFace } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type LiveReply, useRegisterChanged } from '@/api/queries/liveness'
import { registerQuery } from '@/api/queries/sessions'
import { BackLink } from '@/components/back-link'
import { CameraView } from '@/components/camera-view'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { useCamera } from '@/lib/camera'
import { useFormat } from '@/lib/format'
import { needsPlace } from '@/lib/place'
import { ChallengeIcon, FaceGuide } from './challenge-icon'
import { ResultNote } from './result-note'
import { useLiveCheck } from './use-live-check'

const FRAME = { width: 640, height: 480, facing: 'user' } as const
const route = getRouteApi('/shell/check-in/$sessionId')

function Steps({ reply }: { reply: LiveReply | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const hint = reply && reply.hint !== 'none' ? reply.hint : 'look_straight'
  const text = reply ? t(`live.hint.${hint}`) : t('live.connecting')
  return (
    <div className="flex min-h-20 items-center gap-4 rounded-xl border border-line bg-panel p-4">
      {reply?.challenge && <ChallengeIcon what={reply.challenge} />}
      <div className="min-w-0">
        <p aria-live="assertive" className="font-semibold text-lg leading-snug">
          {text}
        </p>
        {reply && reply.total > 0 && (
          <p className="text-muted text-sm tabular-nums">
            {t('live.step', {
              n: format.number(Math.min(reply.done + 1, reply.total)),
              total: format.number(reply.total),
              seconds: format.number(Math.ceil(reply.left_ms / 1000)),
            })}
          </p>
        )}
      </div>
    </div>
  )
}

function Check({ sessionId }: { sessionId: number }) {
  const { t } = useTranslation()
  const camera = useCamera(FRAME)
  const overlay = useRef<HTMLCanvasElement>(null)
  const changed = useRegisterChanged(sessionId)
  const { phase, reply, result, error, begin } = useLiveCheck(sessionId, camera, changed)
  const running = phase === 'running' && camera.state === 'on'
  const stuck = camera.state !== 'on' && camera.state !== 'starting'
  const idle = phase !== 'running' || stuck
  return (
    <div className="grid content-start gap-4">
      <CameraView camera={camera} overlay={overlay} mirrored>
        {running && (
          <FaceGuide done={reply?.done ?? 0} total={reply?.total ?? 0} found={!!reply?.box} />
        )}
      </CameraView>
      {running && <Steps reply={reply} />}
      {phase === 'done' && result && <ResultNote result={result} />}
      {phase === 'problem' && <ProblemNote error={error} />}
      {idle && result?.state !== 'passed' && (
        <p>
          <Button variant="primary" onClick={begin}>
            <ScanFace aria-hidden className="size-4" />
            {t(phase === 'idle' ? 'live.start' : 'live.again')}
          </Button>
        </p>
      )}
    </div>
  )
}

export function CheckInPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const { sessionId } = route.useParams()
  const register = useQuery(registerQuery(sessionId))
  const session = register.data?.session
  return (
    <Guard need="check-in:self">
      <PageHead
        title={t('live.title')}
        hint={
          session && (
            <bdi>
              {session.module_name} ·{' '}
              {format.timeRange(session.starts_at, session.ends_at, session.time_zone)}
            </bdi>
          )
        }
        before={
          <BackLink to="/sessions/$sessionId" params={{ sessionId }}>
            {t('live.back')}
          </BackLink>
        }
      />
      <ProblemNote
        error={register.data ? null : register.error}
        onRetry={() => void register.refetch()}
      />
      {session && needsPlace(session.ways, 'self') && (
        <p className="mb-4 text-muted">{t('checkin.asksPlace')}</p>
      )}
      <div className="mt-4 grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        {(session || register.isPending) && <Check sessionId={sessionId} />}
        <div className="grid gap-4">
          <Card>
            <CardHead title={t('live.otherTitle')} />
            <p>{t('live.other')}</p>
          </Card>
          <Card>
            <CardHead title={t('live.privacyTitle')} />
            <p className="text-muted text-sm">{t('live.privacy')}</p>
          </Card>
        </div>
      </div>
    </Guard>
  )
}
