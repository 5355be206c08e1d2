/* For who plans: the holidays of the school, by hand or from a calendar file. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { CalendarOff, FileUp, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Holiday, holidaysQuery, useAddHoliday, useDropHoliday } from '@/api/queries/holidays'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { PagedList } from '@/components/paged-list'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { useToday } from '@/lib/today'
import { daysText } from './days'
import { HolidayDialog } from './holiday-dialog'

const ImportDialog = lazy(() => import('./import-dialog'))
const route = getRouteApi('/shell/holidays')

function useDrop() {
  const { t } = useTranslation()
  const add = useAddHoliday()
  const drop = useDropHoliday()
  const refused = (error: unknown) => toast(problemText(t, error), { tone: 'bad' })
  const back = ({ name, from_day, to_day, uid }: Holiday) =>
    add.mutate({ name, from_day, to_day, uid }, { onError: refused })
  return (holiday: Holiday) =>
    drop.mutate(holiday, {
      onSuccess: () =>
        toast(t('holidays.dropped', { name: holiday.name }), {
          tone: 'ok',
          action: { label: t('common.undo'), run: () => back(holiday) },
        }),
      onError: refused,
    })
}

type RowProps = { of: Holiday; onEdit: () => void; onDrop: () => void }

function Row({ of, onEdit, onDrop }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <span className="me-auto min-w-0">
        <span className="block font-medium">
          <bdi>{of.name}</bdi>
        </span>
        <span className="block text-muted text-sm">{daysText(format, of.from_day, of.to_day)}</span>
      </span>
      {of.uid !== null && <Tag tone="idle">{t('holidays.fromFile')}</Tag>}
      <Button size="sm" aria-label={t('holidays.editOf', { name: of.name })} onClick={onEdit}>
        {t('holidays.change')}
      </Button>
      <Button size="sm" aria-label={t('holidays.dropOf', { name: of.name })} onClick={onDrop}>
        {t('holidays.drop')}
      </Button>
    </li>
  )
}

function List({ onEdit }: { onEdit: (holiday: Holiday) => void }) {
  const { t } = useTranslation()
  const { all = false } = route.useSearch()
  const navigate = route.useNavigate()
  const today = useToday()
  const query = useInfiniteQuery(holidaysQuery(all ? undefined : today))
  const drop = useDrop()
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
        {t('holidays.past')}
      </label>
      <PagedList
        query={query}
        icon={CalendarOff}
        none={t('holidays.none')}
        noneHint={t('holidays.noneHint')}
      >
        {(row) => <Row of={row} onEdit={() => onEdit(row)} onDrop={() => drop(row)} />}
      </PagedList>
    </Card>
  )
}

export function HolidaysPage() {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Holiday | 'new' | 'import'>()
  const close = () => setShown(undefined)
  return (
    <Guard need="series:manage">
      <PageHead title={t('nav.holidays')} hint={t('holidays.hint')}>
        <Button onClick={() => setShown('import')}>
          <FileUp aria-hidden className="size-4" />
          {t('holidays.import')}
        </Button>
        <Button variant="primary" onClick={() => setShown('new')}>
          <Plus aria-hidden className="size-4" />
          {t('holidays.add')}
        </Button>
      </PageHead>
      <List onEdit={setShown} />
      {shown === 'import' && (
        <Suspense fallback={null}>
          <ImportDialog onClose={close} />
        </Suspense>
      )}
      {shown && shown !== 'import' && (
        <HolidayDialog holiday={shown === 'new' ? undefined : shown} onClose={close} />
      )}
    </Guard>
  )
}
