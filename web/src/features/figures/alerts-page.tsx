/* The queue of alerts about absences: why, with whom, and what is done. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { BellRing } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Alert, alertsQuery, useChangeAlert } from '@/api/queries/figures'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { PagedList } from '@/components/paged-list'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Select, Textarea } from '@/components/ui/field'
import { useUi } from '@/lib/ui-store'
import { LevelTag } from './level'

const route = getRouteApi('/shell/alerts')
const STATES = ['open', 'in_progress', 'closed'] as const
const TONES = { open: 'warn', in_progress: 'info', closed: 'idle' } as const

function CloseDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const { t } = useTranslation()
  const change = useChangeAlert()
  const [message, setMessage] = useState('')
  return (
    <Dialog title={t('alerts.closeTitle')} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          change.mutate({ alert, state: 'closed', message }, { onSuccess: onClose })
        }}
      >
        <Field label={t('alerts.message')}>
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
        <ProblemNote error={change.error} />
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={change.isPending}>
            {t('alerts.close')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}

function Row({ alert }: { alert: Alert }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const change = useChangeAlert()
  const [closing, setClosing] = useState(false)
  const owner = alert.owner_name
    ? t('alerts.owner', { name: alert.owner_name })
    : t('alerts.nobody')
  return (
    <li className="grid gap-2 rounded-lg bg-sunk p-4" data-alert={alert.id}>
      <div className="flex flex-wrap items-center gap-2">
        <Link
          className="me-auto min-w-0 font-medium underline underline-offset-4"
          to="/students/$studentId"
          params={{ studentId: alert.student_id }}
        >
          <bdi>{alert.student_name}</bdi>
        </Link>
        <Tag tone="idle">{t(`alerts.kind.${alert.kind}`)}</Tag>
        <LevelTag level={alert.level} />
        <Tag tone={TONES[alert.state]}>{t(`alerts.state.${alert.state}`)}</Tag>
      </div>
      <p className="text-sm">{alert[`why_${lang}`]}</p>
      <div className="flex flex-wrap items-center gap-2">
        <p className="me-auto text-muted text-sm">{owner}</p>
        {alert.state === 'open' && (
          <Button
            size="sm"
            busy={change.isPending}
            onClick={() => change.mutate({ alert, state: 'in_progress' })}
          >
            {t('alerts.start')}
          </Button>
        )}
        {alert.state !== 'closed' && (
          <Button size="sm" onClick={() => setClosing(true)}>
            {t('alerts.close')}
          </Button>
        )}
      </div>
      <ProblemNote error={change.error} />
      {closing && <CloseDialog alert={alert} onClose={() => setClosing(false)} />}
    </li>
  )
}

function List() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const state = STATES.find((one) => one === (search.state ?? 'open'))
  const alerts = useInfiniteQuery(alertsQuery(state))
  return (
    <Card>
      <Select
        aria-label={t('alerts.filter')}
        className="mb-4 sm:w-72"
        value={state ?? 'all'}
        onChange={(e) => void navigate({ search: { state: e.target.value }, replace: true })}
      >
        <option value="all">{t('alerts.state.all')}</option>
        {STATES.map((one) => (
          <option key={one} value={one}>
            {t(`alerts.state.${one}`)}
          </option>
        ))}
      </Select>
      <PagedList
        query={alerts}
        icon={BellRing}
        none={t('alerts.none')}
        noneHint={t('alerts.noneHint')}
        apart
      >
        {(alert) => <Row alert={alert} />}
      </PagedList>
    </Card>
  )
}

export function AlertsPage() {
  const { t } = useTranslation()
  return (
    <Guard need="alerts:read">
      <PageHead title={t('nav.alerts')} hint={t('alerts.hint')} />
      <List />
    </Guard>
  )
}
