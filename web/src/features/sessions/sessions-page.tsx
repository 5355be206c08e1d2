import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { CalendarSearch, ChevronLeft, ChevronRight, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { sessionsQuery } from '@/api/queries/sessions'
import type { Session, SessionState } from '@/api/types'
import { EmptyState } from '@/components/empty-state'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { SessionCard, SessionList } from '@/components/session-card'
import { Button } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { Input, Select } from '@/components/ui/field'
import { addDays, dayEnd, dayStart, isoDay, useFormat } from '@/lib/format'
import { useToday } from '@/lib/today'

const SessionDialog = lazy(() => import('./session-dialog'))

const route = getRouteApi('/shell/sessions')
const STATES = ['scheduled', 'open', 'closed', 'confirmed', 'cancelled'] as const
const WEEK = 6

function byDay(items: readonly Session[]): [string, Session[]][] {
  const days = new Map<string, Session[]>()
  for (const s of items) {
    const day = isoDay(new Date(s.starts_at), s.time_zone)
    const list = days.get(day)
    if (list) list.push(s)
    else days.set(day, [s])
  }
  return [...days]
}

function span(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
}

type FilterProps = { from: string; to: string; state: SessionState | undefined }

function Filters({ from, to, state }: FilterProps) {
  const { t } = useTranslation()
  const today = useToday()
  const navigate = route.useNavigate()
  const set = (search: { from?: string; to?: string; state?: SessionState | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...search }), replace: true })
  const move = (by: number) => {
    const n = span(from, to) * by
    set({ from: addDays(from, n), to: addDays(to, n) })
  }
  return (
    <Card className="mb-6 flex flex-wrap items-end gap-3 p-4">
      <div className="flex min-w-0 items-end gap-1 max-sm:w-full">
        <Button
          size="icon"
          aria-label={t('sessions.earlier')}
          onClick={() => move(-1)}
          className="w-8 px-0 sm:w-10"
        >
          <ChevronLeft aria-hidden className="flip-rtl size-5" />
        </Button>
        <label className="grid min-w-0 flex-1 gap-1 text-muted text-sm">
          {t('sessions.from')}
          <Input
            type="date"
            value={from}
            max={to}
            onChange={(e) => e.target.value && set({ from: e.target.value })}
            className="w-full min-w-0 px-3 max-sm:px-1 max-sm:text-sm sm:w-38"
          />
        </label>
        <label className="grid min-w-0 flex-1 gap-1 text-muted text-sm">
          {t('sessions.to')}
          <Input
            type="date"
            value={to}
            min={from}
            onChange={(e) => e.target.value && set({ to: e.target.value })}
            className="w-full min-w-0 px-3 max-sm:px-1 max-sm:text-sm sm:w-38"
          />
        </label>
        <Button
          size="icon"
          aria-label={t('sessions.later')}
          onClick={() => move(1)}
          className="w-8 px-0 sm:w-10"
        >
          <ChevronRight aria-hidden className="flip-rtl size-5" />
        </Button>
      </div>
      <Button onClick={() => set({ from: today, to: today })}>{t('sessions.today')}</Button>
      <Button onClick={() => set({ from: today, to: addDays(today, WEEK) })}>
        {t('sessions.week')}
      </Button>
      <label className="grid gap-1 text-muted text-sm sm:ms-auto">
        {t('sessions.state')}
        <Select
          value={state ?? ''}
          onChange={(e) =>
            set({ state: (e.target.value || undefined) as SessionState | undefined })
          }
          className="w-44"
        >
          <option value="">{t('common.all')}</option>
          {STATES.map((s) => (
            <option key={s} value={s}>
              {t(`state.${s}`)}
            </option>
          ))}
        </Select>
      </label>
    </Card>
  )
}

export function SessionsPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const today = useToday()
  const search = route.useSearch()
  const mayManage = useMay('sessions:manage')
  const [adding, setAdding] = useState(false)
  const from = search.from ?? today
  const to = search.to ?? addDays(from, WEEK)
  const query = useQuery(
    sessionsQuery({
      from: dayStart(from),
      to: dayEnd(to),
      ...(search.state ? { state: search.state } : {}),
    }),
  )
  const items = query.data?.items
  return (
    <>
      <PageHead
        title={t('sessions.title')}
        hint={items && t('sessions.count', { count: items.length })}
      >
        {mayManage && (
          <Button variant="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden className="size-4" />
            {t('sessions.add')}
          </Button>
        )}
      </PageHead>
      <Filters from={from} to={to} state={search.state} />
      <ProblemNote error={items ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && (
        <div className="grid gap-3">
          {['a', 'b', 'c', 'd'].map((k) => (
            <Skeleton key={k} className="h-24" />
          ))}
        </div>
      )}
      {items?.length === 0 && (
        <Card className="p-0">
          <EmptyState
            icon={CalendarSearch}
            level={2}
            title={t('sessions.none')}
            hint={t('sessions.noneHint')}
          />
        </Card>
      )}
      <div className="grid gap-7">
        {items &&
          byDay(items).map(([day, list]) => (
            <section key={day}>
              <h2 className="mb-2.5 font-semibold text-muted">
                {format.longDay(list[0]?.starts_at ?? day, list[0]?.time_zone)}
              </h2>
              <SessionList>
                {list.map((session) => (
                  <SessionCard key={session.id} session={session} />
                ))}
              </SessionList>
            </section>
          ))}
      </div>
      {adding && (
        <Suspense fallback={null}>
          <SessionDialog onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  )
}
