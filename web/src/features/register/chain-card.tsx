/* For administrators: whether the chain of one session's ledger holds. */
import { ShieldCheck, ShieldX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCheckChain } from '@/api/queries/history'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

type Report = NonNullable<ReturnType<typeof useCheckChain>['data']>

function Findings({ of }: { of: Report }) {
  const { t } = useTranslation()
  const format = useFormat()
  const wrong = [
    ...of.faults.map((f) => t(`steps.fault.${f.what}`, { n: format.number(f.seq) })),
    ...of.differences.map((d) =>
      d.student_id === 0
        ? t('steps.differsSession')
        : t('steps.differs', { student: `#${d.student_id}`, field: d.field }),
    ),
  ]
  if (wrong.length === 0) {
    return (
      <p className="flex items-start gap-2 text-ok">
        <ShieldCheck aria-hidden className="mt-0.5 size-5 shrink-0" />
        {t('steps.holds', { count: of.events - of.before })}
      </p>
    )
  }
  return (
    <div className="flex items-start gap-2 text-bad">
      <ShieldX aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="grid gap-1">
        {wrong.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <p className="text-fg text-sm">{t('steps.faultHint')}</p>
      </div>
    </div>
  )
}

export function ChainCard({ sessionId }: { sessionId: number }) {
  const { t } = useTranslation()
  const check = useCheckChain(sessionId)
  return (
    <Card>
      <CardHead title={t('steps.chain')} hint={t('steps.chainHint')} />
      <div aria-live="polite" className="mb-4 grid gap-1 empty:hidden">
        {check.data && <Findings of={check.data} />}
        {check.data && check.data.before > 0 && (
          <p className="text-muted text-sm">{t('steps.unchained', { count: check.data.before })}</p>
        )}
      </div>
      <ProblemNote error={check.error} className="mb-4" />
      <Button busy={check.isPending} onClick={() => check.mutate()}>
        {t('steps.chainCheck')}
      </Button>
    </Card>
  )
}
