import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { CalendarClock, GraduationCap, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { ageingQuery } from '@/api/queries/faces'
import { type StudentFilter, studentsQuery } from '@/api/queries/students'
import { EmptyState } from '@/components/empty-state'
import { Guard } from '@/components/guard'
import { LoadMore } from '@/components/load-more'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { ResourceChoice } from '@/components/resource-choice'
import { SearchInput } from '@/components/search-input'
import { Button, buttonClass } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { Select } from '@/components/ui/field'
import { StudentTable } from './student-table'

const StudentDialog = lazy(() => import('./student-dialog'))

const route = getRouteApi('/shell/students')

type Search = ReturnType<typeof route.useSearch>

function filterOf({ q, group, enrolled, archived }: Search): StudentFilter {
  return {
    ...(q ? { q } : {}),
    ...(group === undefined ? {} : { group_id: group }),
    ...(enrolled === undefined ? {} : { enrolled }),
    ...(archived ? { archived } : {}),
  }
}

function Filters({ search, set }: { search: Search; set: (change: Search) => void }) {
  const { t } = useTranslation()
  return (
    <div className="mb-4 grid gap-3 sm:flex sm:flex-wrap">
      <SearchInput
        label={t('students.search')}
        value={search.q ?? ''}
        onChange={(text) => set({ q: text || undefined })}
        className="sm:w-80"
      />
      <ResourceChoice
        name="groups"
        control={{ 'aria-label': t('students.group') }}
        className="sm:w-56"
        empty={t('students.allGroups')}
        value={search.group === undefined ? '' : String(search.group)}
        onChange={(id) => set({ group: id ? Number(id) : undefined })}
      />
      <Select
        aria-label={t('students.enrolment')}
        className="sm:w-56"
        value={search.enrolled === undefined ? '' : String(search.enrolled)}
        onChange={(e) => set({ enrolled: e.target.value ? e.target.value === 'true' : undefined })}
      >
        <option value="">{t('students.allEnrolment')}</option>
        <option value="true">{t('student.enrolledYes')}</option>
        <option value="false">{t('student.enrolledNo')}</option>
      </Select>
      {useMay('users:manage') && (
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={search.archived ?? false}
            onChange={(e) => set({ archived: e.target.checked || undefined })}
            className="size-4 accent-(--accent)"
          />
          {t('manage.showArchived')}
        </label>
      )}
    </div>
  )
}

/* Leads to the face data that are to be renewed; nothing when there are none. */
function ToRenew() {
  const { t } = useTranslation()
  const query = useInfiniteQuery({ ...ageingQuery, enabled: useMay('enrolment:manage') })
  if (!query.data?.pages[0]?.items.length) return null
  return (
    <Link to="/faces" className={buttonClass('outline')}>
      <CalendarClock aria-hidden className="size-4 text-warn" />
      {t('students.toRenew')}
    </Link>
  )
}

export function StudentsPage() {
  return (
    <Guard need="people:read">
      <Students />
    </Guard>
  )
}

function Students() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayManage = useMay('users:manage')
  const [adding, setAdding] = useState(false)
  const query = useInfiniteQuery(studentsQuery(filterOf(search)))
  const rows = query.data?.pages.flatMap((p) => p.items)
  const filtered = Object.values(search).some((v) => v !== undefined)
  const set = (change: Search) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true })
  return (
    <>
      <PageHead
        title={t('students.title')}
        hint={
          rows &&
          (query.hasNextPage
            ? t('students.shown', { count: rows.length })
            : t('students.count', { count: rows.length }))
        }
      >
        <ToRenew />
        {mayManage && (
          <Button variant="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden className="size-4" />
            {t('students.add')}
          </Button>
        )}
      </PageHead>
      <Filters search={search} set={set} />
      <ProblemNote error={rows ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Skeleton className="h-[36rem]" />}
      {rows?.length === 0 && (
        <Card className="p-0">
          <EmptyState
            icon={GraduationCap}
            level={2}
            title={t('students.none')}
            hint={t(filtered ? 'students.noneFiltered' : 'students.noneYet')}
          >
            {filtered && (
              <Button
                onClick={() =>
                  set({ q: undefined, group: undefined, enrolled: undefined, archived: undefined })
                }
              >
                {t('common.clearFilters')}
              </Button>
            )}
          </EmptyState>
        </Card>
      )}
      {rows && rows.length > 0 && <StudentTable rows={rows} />}
      <LoadMore query={query} />
      {adding && (
        <Suspense fallback={null}>
          <StudentDialog onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  )
}
