/* Both distributions as the server draws them, the same in numbers, and the threshold. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { calibrationQuery, DRAWING, useSetThreshold } from '@/api/queries/recognition'
import type { Calibration } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

function Missing({ of }: { of: Calibration }) {
  const { t } = useTranslation()
  return (
    <ul className="list-disc ps-5">
      {of.missing.map((what) => (
        <li key={what}>
          {t(what === 'two_persons' ? 'trust.missing.persons' : 'trust.missing.templates')}
        </li>
      ))}
    </ul>
  )
}

function Expected({ of }: { of: Calibration }) {
  const { t } = useTranslation()
  const format = useFormat()
  const range = (value: number, low: number, high: number) =>
    t('trust.range', {
      value: format.percent(value),
      low: format.percent(low),
      high: format.percent(high),
    })
  return (
    <section aria-label={t('trust.expected')} className="overflow-x-auto">
      <table className="w-full text-start text-sm">
        <caption className="pb-2 text-start font-medium">{t('trust.expected')}</caption>
        <thead>
          <tr className="text-muted">
            <th className="p-2 text-start font-medium">{t('trust.roster')}</th>
            <th className="p-2 text-start font-medium">{t('trust.threshold')}</th>
            <th className="p-2 text-start font-medium">{t('trust.fpir')}</th>
            <th className="p-2 text-start font-medium">{t('trust.fnir')}</th>
          </tr>
        </thead>
        <tbody>
          {of.rosters.map((r) => (
            <tr key={r.persons} className="border-line border-t">
              <td className="p-2">{format.number(r.persons)}</td>
              <td className="p-2">{format.score(r.threshold)}</td>
              <td className="p-2">{range(r.fpir, r.fpir_low, r.fpir_high)}</td>
              <td className="p-2">{range(r.fnir, r.fnir_low, r.fnir_high)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Threshold({ of }: { of: Calibration }) {
  const { t } = useTranslation()
  const format = useFormat()
  const set = useSetThreshold()
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="min-w-0 flex-1 basis-64">
        {t('trust.inUse', { value: format.score(of.threshold) })}{' '}
        {t('trust.suggested', {
          value: format.score(of.suggested),
          floor: format.score(of.floor),
        })}
      </p>
      {of.suggested > of.threshold + 0.001 && (
        <Button variant="primary" busy={set.isPending} onClick={() => set.mutate(of.suggested)}>
          {t('trust.apply')}
        </Button>
      )}
      {of.own !== null && (
        <Button busy={set.isPending} onClick={() => set.mutate(null)}>
          {t('trust.takeBack')}
        </Button>
      )}
      <ProblemNote error={set.error} className="w-full" />
    </div>
  )
}

function Report({ of }: { of: Calibration }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="grid min-w-0 gap-4">
      <img
        src={DRAWING}
        alt={t('trust.drawing')}
        width={640}
        height={300}
        className="h-auto w-full max-w-3xl"
      />
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
        <div>
          <dt className="text-muted text-sm">{t('trust.genuine')}</dt>
          <dd>
            {t('trust.least', {
              n: format.number(of.genuine_n),
              value: format.score(of.genuine_least),
            })}
          </dd>
        </div>
        <div>
          <dt className="text-muted text-sm">{t('trust.impostor')}</dt>
          <dd>
            {t('trust.most', {
              n: format.number(of.impostor_n),
              value: format.score(of.impostor_most),
            })}
          </dd>
        </div>
      </dl>
      <Expected of={of} />
      <Threshold of={of} />
    </div>
  )
}

export function CalibrationCard() {
  const { t } = useTranslation()
  const query = useQuery(calibrationQuery)
  return (
    <Card>
      <CardHead title={t('trust.calibration')} hint={t('trust.calibrationHint')} />
      <ProblemNote error={query.data ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Skeleton className="h-64" />}
      {query.data && !query.data.ready && <Missing of={query.data} />}
      {query.data?.ready && <Report of={query.data} />}
    </Card>
  )
}
