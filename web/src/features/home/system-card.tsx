import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { systemQuery } from '@/api/queries/system'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

const HOUR_S = 3600
const DATABASES = { sqlite: 'SQLite', postgresql: 'PostgreSQL' } as const
const STATUS_TONE = { ready: 'ok', degraded: 'warn', unavailable: 'bad' } as const

function Uptime({ seconds }: { seconds: number }) {
  const { t } = useTranslation()
  const hours = Math.floor(seconds / HOUR_S)
  return hours > 0
    ? t('system.hours', { count: hours })
    : t('system.minutes', { count: Math.floor(seconds / 60) })
}

export function SystemCard() {
  const { t } = useTranslation()
  const format = useFormat()
  const system = useQuery(systemQuery)
  const s = system.data
  const working = s?.models.filter((m) => m.problem === '').length ?? 0
  const fine = working > 0 && working === s?.models.length
  const Icon = fine ? CircleCheck : CircleX
  return (
    <Card>
      <CardHead title={t('system.title')} />
      <ProblemNote error={s ? null : system.error} onRetry={() => void system.refetch()} />
      {system.isPending && <Skeleton className="h-36" />}
      {s && (
        <dl className="grid gap-3 [&>div]:flex [&>div]:items-center [&>div]:justify-between [&>div]:gap-4 [&_dt]:text-muted">
          <div>
            <dt>{t('system.status')}</dt>
            <dd>
              <Tag tone={STATUS_TONE[s.status]}>{t(`system.status.${s.status}`)}</Tag>
            </dd>
          </div>
          <div>
            <dt>{t('system.face')}</dt>
            <dd>
              <Tag tone={s.face_recognition === 'off' ? 'idle' : 'ok'}>
                {t(`system.face.${s.face_recognition}`)}
              </Tag>
            </dd>
          </div>
          <div>
            <dt>{t('system.models')}</dt>
            <dd className="flex items-center gap-1.5 tabular-nums">
              <Icon aria-hidden className={fine ? 'size-4 text-ok' : 'size-4 text-bad'} />
              {format.number(working)}
            </dd>
          </div>
          <div>
            <dt>{t('system.database')}</dt>
            <dd>
              <bdi>{DATABASES[s.database]}</bdi>
            </dd>
          </div>
          <div>
            <dt>{t('system.uptime')}</dt>
            <dd>
              <Uptime seconds={s.uptime_s} />
            </dd>
          </div>
          <div>
            <dt>{t('system.version')}</dt>
            <dd>
              <bdi>{s.version}</bdi>
            </dd>
          </div>
        </dl>
      )}
      <p className="mt-4 text-sm">
        <a href="/docs" className="text-accent underline underline-offset-2">
          {t('system.docs')}
        </a>
      </p>
    </Card>
  )
}
