/* The timetable of a week: of oneself, or for who plans of a group, a trainer or a room. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { CalendarDays, ChevronLeft, ChevronRight, List, Plus, Repeat } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '@/api/queries/auth'
import { weekQuery } from '@/api/queries/timetable'
import type { Session } from '@/api/types'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { ResourceChoice } from '@/components/resource-choice'
import { Button, buttonClass } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { addDays, isoDay, useFormat } from '@/lib/format'
import { dirOf } from '@/lib/i18n'
import { useUi } from '@/lib/ui-store'
import { dayStartIn } from '@/lib/zone'
import { RequestsCard } from './requests-card'
import { mondayOf, WEEK_DAYS } from './week'
import { WeekGrid } from './week-grid'
import { WeekTable } from './week-table'

const PlanDialog = lazy(() => import('./plan-dialog'))
const LessonDialog = lazy(() => import('./lesson-dialog'))

const route = getRouteApi('/shell/timetable')
const FILTERS = [
  { field: 'group', name: 'groups', label: 'session.group', all: 'timetable.allGroups' },
  { field: 'trainer', name: 'trainers', label: 'session.trainer', all: 'timetable.allTrainers' },
  { field: 'room', name: 'rooms', label: 'session.room', all: 'timetable.allRooms' },
] as const

function Filters() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <div className="mb-4 grid gap-3 sm:grid-cols-3">
      {FILTERS.map(({ field, name, label, all }) => (
        <ResourceChoice
          key={field}
          name={name}
          control={{ 'aria-label': t(label) }}
          empty={t(all)}
          value={String(search[field] ?? '')}
          onChange={(value) =>
            void navigate({
              search: (old) => ({ ...old, [field]: value ? Number(value) : undefined }),
              replace: true,
            })
          }
        />
      ))}
    </div>
  )
}

const inField = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, select, textarea, dialog, [role=dialog]')

/* Arrow keys turn the week as they are read, T goes to today. */
function useWeekKeys(move: (by: number) => void, home: () => void) {
  const rtl = dirOf(useUi((s) => s.lang)) === 'rtl'
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || inField(e.target)) return
      if (e.key === 'ArrowLeft') move(rtl ? 1 : -1)
      else if (e.key === 'ArrowRight') move(rtl ? -1 : 1)
      else if (e.key === 't' || e.key === 'T') home()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [move, home, rtl])
}

function WeekNav({ monday, today, zone }: { monday: string; today: string; zone: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = route.useNavigate()
  const go = (week: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, week }), replace: true })
  const move = (by: number) => go(addDays(monday, by * WEEK_DAYS))
  const home = () => go(undefined)
  useWeekKeys(move, home)
  const last = addDays(monday, WEEK_DAYS - 1)
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Button size="icon" aria-label={t('timetable.earlier')} onClick={() => move(-1)}>
        <ChevronLeft aria-hidden className="flip-rtl size-5" />
      </Button>
      <Button onClick={home} disabled={mondayOf(today) === monday}>
        {t('timetable.today')}
      </Button>
      <Button size="icon" aria-label={t('timetable.later')} onClick={() => move(1)}>
        <ChevronRight aria-hidden className="flip-rtl size-5" />
      </Button>
      <p className="ms-2 font-semibold" aria-live="polite">
        {format.plainDays(monday, last)}
      </p>
      <p className="text-muted text-sm sm:ms-auto">{t('timetable.zone', { zone })}</p>
    </div>
  )
}

function Week({ zone, monday, today }: { zone: string; monday: string; today: string }) {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [picked, setPicked] = useState<Session>()
  const query = useQuery(
    weekQuery({
      from: dayStartIn(monday, zone),
      to: dayStartIn(addDays(monday, WEEK_DAYS), zone),
      ...(search.group ? { group_id: search.group } : {}),
      ...(search.trainer ? { trainer_id: search.trainer } : {}),
      ...(search.room ? { room_id: search.room } : {}),
    }),
  )
  const asList = search.view === 'list'
  const week = { monday, zone, sessions: query.data ?? [], onPick: setPicked }
  return (
    <>
      <ProblemNote error={query.data ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Skeleton className="h-96" />}
      {query.data && (
        <>
          {!asList && (
            <div className="max-md:hidden">
              <WeekGrid {...week} today={today} />
            </div>
          )}
          <div className={asList ? undefined : 'md:hidden'}>
            <WeekTable {...week} />
          </div>
          <Button
            size="sm"
            className="no-print mt-3 max-md:hidden"
            onClick={() =>
              void navigate({
                search: (old) => ({ ...old, view: asList ? undefined : 'list' }),
                replace: true,
              })
            }
          >
            {asList ? (
              <CalendarDays aria-hidden className="size-4" />
            ) : (
              <List aria-hidden className="size-4" />
            )}
            {t(asList ? 'timetable.asGrid' : 'timetable.asList')}
          </Button>
        </>
      )}
      {picked && (
        <Suspense fallback={null}>
          <LessonDialog session={picked} zone={zone} onClose={() => setPicked(undefined)} />
        </Suspense>
      )}
    </>
  )
}

export function TimetablePage() {
  const { t } = useTranslation()
  const { time_zone: zone, school_zone } = useMe()
  const search = route.useSearch()
  const manages = useMay('sessions:manage')
  const asks = useMay('session-requests:make')
  const readsRequests = useMay('session-requests:read')
  const readsSeries = useMay('series:read')
  const [planning, setPlanning] = useState(false)
  const today = isoDay(new Date(), zone)
  const monday = mondayOf(search.week ?? today)
  const mode = manages ? 'plan' : 'ask'
  return (
    <Guard need="sessions:read">
      <PageHead title={t('nav.timetable')} hint={t('timetable.keys')}>
        {readsSeries && (
          <Link to="/series" className={buttonClass('outline')}>
            <Repeat aria-hidden className="size-4" />
            {t('nav.series')}
          </Link>
        )}
        {(manages || asks) && (
          <Button variant="primary" onClick={() => setPlanning(true)}>
            <Plus aria-hidden className="size-4" />
            {t(manages ? 'timetable.plan' : 'timetable.ask')}
          </Button>
        )}
      </PageHead>
      {manages && <Filters />}
      <WeekNav monday={monday} today={today} zone={zone} />
      <Week zone={zone} monday={monday} today={today} />
      {readsRequests && <RequestsCard />}
      {planning && (
        <Suspense fallback={null}>
          <PlanDialog
            mode={mode}
            zone={school_zone}
            day={monday > today ? monday : today}
            onClose={() => setPlanning(false)}
          />
        </Suspense>
      )}
    </Guard>
  )
}
