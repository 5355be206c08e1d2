/* One weekly series: each of its days, to be left out, given back or moved by itself. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { CalendarX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { seriesDaysQuery, seriesQuery, useGiveBack, useLeaveOut } from '@/api/queries/series'
import type { Series } from '@/api/queries/timetable'
import type { Session } from '@/api/types'
import { BackLink } from '@/components/back-link'
import { EmptyState } from '@/components/empty-state'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { ReasonDialog } from '@/components/reason-dialog'
import { StateChip, Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { type Formats, useFormat } from '@/lib/format'
import { toast } from '@/lib/toast'
import { useToday } from '@/lib/today'
import { ClashNote } from './clash-note'
import { EditForm } from './edit-form'
import { daysOfSeries, type SeriesDay } from './series-days'
import { SeriesFacts } from './series-facts'

const route = getRouteApi('/shell/series/$seriesId')

const dayName = (format: Formats, day: string) => format.day(`${day}T12:00:00Z`, 'UTC')

type Doing = { what: 'leaveOut' | 'move'; day: SeriesDay }

function GiveBack({ series, day, name }: { series: Series; day: string; name: string }) {
  const { t } = useTranslation()
  const back = useGiveBack(series.id)
  return (
    <>
      <Button
        size="sm"
        busy={back.isPending}
        aria-label={t('series.giveBackOf', { day: name })}
        onClick={() =>
          back.mutate(day, { onSuccess: () => toast(t('series.givenBack'), { tone: 'ok' }) })
        }
      >
        {t('series.giveBack')}
      </Button>
      {back.error && (
        <div className="w-full">
          <ClashNote error={back.error} zone={series.time_zone} />
        </div>
      )}
    </>
  )
}

function When({ of, zone }: { of: SeriesDay; zone: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const s = of.session
  if (!s) return <>{dayName(format, of.day)}</>
  return (
    <>
      {format.day(s.starts_at, zone)} {format.timeRange(s.starts_at, s.ends_at, zone)}
      {s.detached && <span className="ms-2 font-normal text-muted">{t('series.moved')}</span>}
    </>
  )
}

/* What is not as the series says: who gives it, where, or why it does not take place. */
function different(series: Series, { session: s, leftOut }: SeriesDay) {
  return [
    leftOut ?? s?.cancel_reason,
    s && s.trainer_id !== series.trainer_id && s.trainer_name,
    s && s.room_id !== series.room_id && s.room_name,
  ].filter((word) => !!word)
}

type RowProps = { series: Series; of: SeriesDay; mayChange: boolean; act: (doing: Doing) => void }

function Row({ series, of, mayChange, act }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = dayName(format, of.day)
  const scheduled = of.session?.state === 'scheduled'
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5" data-day={of.day}>
      <div className="me-auto min-w-0">
        <p className="font-medium tabular-nums">
          <When of={of} zone={series.time_zone} />
        </p>
        <p className="text-muted text-sm empty:hidden">{different(series, of).join(' · ')}</p>
      </div>
      {of.leftOut !== undefined && <Tag tone="warn">{t('series.leftOut')}</Tag>}
      {of.leftOut === undefined && of.session && <StateChip state={of.session.state} />}
      {mayChange && of.leftOut !== undefined && (
        <GiveBack series={series} day={of.day} name={name} />
      )}
      {mayChange && scheduled && (
        <>
          <Button
            size="sm"
            aria-label={t('series.moveOf', { day: name })}
            onClick={() => act({ what: 'move', day: of })}
          >
            {t('series.move')}
          </Button>
          <Button
            size="sm"
            aria-label={t('series.leaveOutOf', { day: name })}
            onClick={() => act({ what: 'leaveOut', day: of })}
          >
            {t('series.leaveOut')}
          </Button>
        </>
      )}
    </li>
  )
}

function LeaveOut({ series, day, onClose }: { series: Series; day: string; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const out = useLeaveOut(series.id)
  return (
    <ReasonDialog
      title={t('series.leaveOutOf', { day: dayName(format, day) })}
      hint={t('timetable.told')}
      submit={t('series.leaveOut')}
      busy={out.isPending}
      error={out.error}
      onClose={onClose}
      onSubmit={(reason) =>
        out.mutate(
          { day, reason },
          {
            onSuccess: () => {
              onClose()
              toast(t('timetable.cancelled'), { tone: 'ok' })
            },
          },
        )
      }
    />
  )
}

function Days({ series, sessions }: { series: Series; sessions: readonly Session[] }) {
  const { t } = useTranslation()
  const { all = false } = route.useSearch()
  const navigate = route.useNavigate()
  const manages = useMay('series:manage')
  const format = useFormat()
  const today = useToday()
  const [doing, setDoing] = useState<Doing>()
  const close = () => setDoing(undefined)
  const days = daysOfSeries(series, sessions).filter((d) => all || d.day >= today)
  const moved = doing?.what === 'move' ? doing.day.session : undefined
  return (
    <Card>
      <label className="mb-2 flex min-h-9 items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4"
          checked={all}
          onChange={(e) =>
            void navigate({ search: { all: e.target.checked || undefined }, replace: true })
          }
        />
        {t('series.past')}
      </label>
      {days.length === 0 && <EmptyState icon={CalendarX} level={2} title={t('series.noDays')} />}
      <ul className="divide-y divide-line">
        {days.map((day) => (
          <Row key={day.day} series={series} of={day} mayChange={manages} act={setDoing} />
        ))}
      </ul>
      {moved && (
        <Dialog
          title={t('series.moveOf', { day: dayName(format, moved.series_day ?? '') })}
          onClose={close}
          wide
        >
          <EditForm session={moved} zone={series.time_zone} onClose={close} onBack={close} alone />
        </Dialog>
      )}
      {doing?.what === 'leaveOut' && (
        <LeaveOut series={series} day={doing.day.day} onClose={close} />
      )}
    </Card>
  )
}

export function SeriesPage() {
  const { t } = useTranslation()
  const { seriesId } = route.useParams()
  const series = useQuery(seriesQuery(seriesId))
  const days = useQuery(seriesDaysQuery(seriesId))
  const back = <BackLink to="/series">{t('nav.series')}</BackLink>
  const error = (series.data ? null : series.error) ?? (days.data ? null : days.error)
  const retry = () => void Promise.all([series.refetch(), days.refetch()])
  return (
    <Guard need="series:read">
      <PageHead
        title={series.data?.module_name ?? t('series.title')}
        before={back}
        hint={series.data && <SeriesFacts of={series.data} />}
      />
      <ProblemNote error={error} onRetry={retry} />
      {!error && !(series.data && days.data) && <Skeleton className="h-96" />}
      {series.data && days.data && <Days series={series.data} sessions={days.data} />}
    </Guard>
  )
}
