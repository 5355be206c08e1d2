/* For administrators: what faces are used for, what is forgotten when, and the key of certificates. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { retentionQuery, signingKeyQuery } from '@/api/queries/privacy'
import type { Retention } from '@/api/types'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

function Job({ job }: { job: Retention['jobs'][number] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const when = (at: string | null) => (at ? format.dateTime(at) : '–')
  const facts = [
    ['privacy.keep', t(`privacy.keep.${job.unit}`, { count: job.keep })],
    ['privacy.oldest', when(job.oldest_at)],
    ['privacy.lastRun', when(job.last_at)],
    ['privacy.deleted', job.last_deleted ?? '–'],
    ['privacy.due', job.due],
    ['privacy.nextRun', when(job.next_at)],
  ] as const
  return (
    <li className="rounded-lg bg-sunk p-4">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h3 className="me-auto font-medium">{t(`privacy.job.${job.job}`)}</h3>
        {job.last_error !== '' && <Tag tone="bad">{t('privacy.failed')}</Tag>}
      </div>
      <dl className="grid gap-1 text-sm sm:grid-cols-2">
        {facts.map(([label, value]) => (
          <div key={label} className="flex flex-wrap justify-between gap-x-4 sm:pe-6">
            <dt className="text-muted">{t(label)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

function SigningKey() {
  const { t } = useTranslation()
  const key = useQuery(signingKeyQuery())
  return (
    <Card>
      <CardHead title={t('privacy.key')} hint={t('privacy.keyHint')} />
      <ProblemNote error={key.data ? null : key.error} />
      {key.data && (
        <div className="grid gap-2 text-sm">
          <code dir="ltr" className="break-all rounded-lg bg-sunk p-3">
            {key.data.key}
          </code>
          {key.data.old_keys.map((old) => (
            <code key={old} dir="ltr" className="break-all text-muted">
              {old}
            </code>
          ))}
        </div>
      )}
    </Card>
  )
}

export function PrivacyPage() {
  const { t } = useTranslation()
  const report = useQuery(retentionQuery())
  return (
    <Guard need="privacy:read">
      <PageHead title={t('privacy.title')} hint={t('privacy.hint')} />
      <div className="grid min-w-0 gap-5">
        <ProblemNote error={report.data ? null : report.error} />
        {report.isPending && <Skeleton className="h-40" />}
        {report.data && (
          <>
            <Card>
              <CardHead title={t('privacy.switch')} hint={t('privacy.switchHint')}>
                <Tag tone={report.data.face_recognition === 'off' ? 'idle' : 'ok'}>
                  {t(`privacy.switch.${report.data.face_recognition}`)}
                </Tag>
              </CardHead>
            </Card>
            <Card>
              <CardHead title={t('privacy.retention')} hint={t('privacy.retentionHint')} />
              <ul className="grid gap-3">
                {report.data.jobs.map((job) => (
                  <Job key={job.job} job={job} />
                ))}
              </ul>
            </Card>
          </>
        )}
        <SigningKey />
      </div>
    </Guard>
  )
}
