/* The school's status codes: letter, meaning, category, weight; ready-made sets. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codesQuery, type StatusCode, useTakePreset } from '@/api/queries/presence'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { toast } from '@/lib/toast'
import { useUi } from '@/lib/ui-store'
import { CodeDialog } from './code-dialog'

const PRESETS = ['basic', 'french', 'england'] as const

function Presets({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const take = useTakePreset()
  const choose = (preset: (typeof PRESETS)[number]) =>
    take.mutate(preset, {
      onSuccess: ({ left_out }) => {
        onClose()
        toast(
          left_out.length
            ? t('presence.leftOut', { codes: left_out.join(' ') })
            : t('presence.presetTaken'),
          { tone: 'ok' },
        )
      },
    })
  return (
    <Dialog title={t('presence.presets')} onClose={onClose}>
      <p className="mb-4 text-muted text-sm">{t('presence.presetsHint')}</p>
      <div className="grid gap-2">
        {PRESETS.map((preset) => (
          <Button key={preset} disabled={take.isPending} onClick={() => choose(preset)}>
            {t(`presence.preset.${preset}`)}
          </Button>
        ))}
      </div>
      <ProblemNote error={take.error} className="mt-4" />
      <DialogFoot>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </DialogFoot>
    </Dialog>
  )
}

function Row({ code, onChange }: { code: StatusCode; onChange: () => void }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <span
        dir="ltr"
        className="min-w-12 rounded-md bg-white px-2 py-1 text-center font-semibold"
        style={{ color: code.colour }}
      >
        {code.code}
      </span>
      <span className="min-w-0 flex-1 basis-40">{code[`label_${lang}`]}</span>
      <span className="text-muted text-sm">
        {t(`status.${code.category}`)}
        {code.category !== 'excused' &&
          ` · ${t('presence.weightOf', { weight: code.weight / 10 })}`}
      </span>
      {code.is_default && <Tag tone="ok">{t('presence.default')}</Tag>}
      <Button size="sm" aria-label={t('presence.changeOf', { kind: code.code })} onClick={onChange}>
        {t('presence.change')}
      </Button>
    </li>
  )
}

export function CodesCard() {
  const { t } = useTranslation()
  const [archived, setArchived] = useState(false)
  const [shown, setShown] = useState<StatusCode | 'new' | 'presets' | null>(null)
  const codes = useQuery(codesQuery(archived))
  const close = () => setShown(null)
  return (
    <Card>
      <CardHead title={t('presence.codes')} hint={t('presence.codesHint')}>
        <Button size="sm" onClick={() => setShown('presets')}>
          {t('presence.presets')}
        </Button>
        <Button size="sm" variant="primary" onClick={() => setShown('new')}>
          {t('presence.addCode')}
        </Button>
      </CardHead>
      <ProblemNote error={codes.data ? null : codes.error} onRetry={() => void codes.refetch()} />
      {codes.isPending && <Skeleton className="h-64" />}
      <ul className="divide-y divide-line">
        {codes.data?.items.map((code) => (
          <Row key={code.id} code={code} onChange={() => setShown(code)} />
        ))}
      </ul>
      {codes.data?.items.length === 0 && <p className="text-muted">{t('presence.noCodes')}</p>}
      <label className="mt-3 flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-5"
          checked={archived}
          onChange={(e) => setArchived(e.target.checked)}
        />
        {t('presence.archivedCodes')}
      </label>
      {shown === 'presets' && <Presets onClose={close} />}
      {shown && shown !== 'presets' && (
        <CodeDialog code={shown === 'new' ? null : shown} onClose={close} />
      )}
    </Card>
  )
}
