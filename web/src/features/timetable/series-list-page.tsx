/* The weekly series of the school, or the own ones, the last begun first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Repeat } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { seriesListQuery } from '@/api/queries/series'
import type { Series } from '@/api/queries/timetable'
import { BackLink } from '@/components/back-link'
import { ListPage } from '@/components/list-page'
import { ResourceChoice } from '@/components/resource-choice'
import { useFormat } from '@/lib/format'
import { SeriesFacts } from './series-facts'

const route = getRouteApi('/shell/series')

function Row({ of }: { of: Series }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <div className="me-auto min-w-0">
        <Link
          to="/series/$seriesId"
          params={{ seriesId: of.id }}
          className="font-medium hover:underline"
        >
          <bdi>{of.module_name}</bdi>
        </Link>
        <SeriesFacts of={of} />
      </div>
      <p className="text-muted text-sm tabular-nums">
        {t('series.lessons', { count: of.sessions })}
        {of.cancelled > 0 &&
          ` · ${t('series.cancelled', { count: of.cancelled, n: format.number(of.cancelled) })}`}
      </p>
    </li>
  )
}

export function SeriesListPage() {
  const { t } = useTranslation()
  const { group } = route.useSearch()
  const navigate = route.useNavigate()
  const manages = useMay('series:manage')
  const query = useInfiniteQuery(seriesListQuery(group))
  return (
    <ListPage
      need="series:read"
      title={t('nav.series')}
      hint={t('series.hint')}
      back={<BackLink to="/timetable">{t('nav.timetable')}</BackLink>}
      filters={
        manages && (
          <ResourceChoice
            name="groups"
            className="mb-2 sm:w-72"
            control={{ 'aria-label': t('session.group') }}
            empty={t('students.allGroups')}
            value={String(group ?? '')}
            onChange={(value) =>
              void navigate({ search: { group: value ? Number(value) : undefined }, replace: true })
            }
          />
        )
      }
      query={query}
      icon={Repeat}
      none={t('series.none')}
      {...(manages ? { noneHint: t('series.noneHint') } : {})}
    >
      {(row) => <Row of={row} />}
    </ListPage>
  )
}
