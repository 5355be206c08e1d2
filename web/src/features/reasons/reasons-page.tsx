/* For who decides about justifications: the reasons that families can choose from. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ListChecks, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Reason, reasonListQuery, useChangeReason } from '@/api/queries/reasons'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { PagedList } from '@/components/paged-list'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { useUi } from '@/lib/ui-store'
import { ReasonForm } from './reason-form'

const route = getRouteApi('/shell/absence-reasons')

/* Out of use or back in it, and the way to undo that. */
function useArchive() {
  const { t } = useTranslation()
  const change = useChangeReason()
  const run = (reason: Reason, name: string) =>
    change.mutate(
      { reason, body: { archived: !reason.archived } },
      {
        onSuccess: (now) =>
          toast(t(now.archived ? 'reasons.archived' : 'reasons.restored', { name }), {
            tone: 'ok',
            action: { label: t('common.undo'), run: () => run(now, name) },
          }),
        onError: (error) => toast(problemText(t, error), { tone: 'bad' }),
      },
    )
  return run
}

type RowProps = { of: Reason; onEdit: () => void; onArchive: (name: string) => void }

function Row({ of, onEdit, onArchive }: RowProps) {
  const { t } = useTranslation()
  const name = of[`label_${useUi((s) => s.lang)}`]
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <span className="me-auto min-w-0 max-sm:basis-full">
        <span className="block font-medium">{name}</span>
        <span className="block text-muted text-sm">
          <bdi>{of.code}</bdi>
        </span>
      </span>
      {of.needs_document && <Tag tone="info">{t('reasons.withDocument')}</Tag>}
      {of.status_code && <Tag tone="idle">{of.status_code}</Tag>}
      {!of.archived && (
        <Button size="sm" aria-label={t('reasons.editOf', { name })} onClick={onEdit}>
          {t('reasons.change')}
        </Button>
      )}
      <Button
        size="sm"
        aria-label={t(of.archived ? 'reasons.restoreOf' : 'reasons.archiveOf', { name })}
        onClick={() => onArchive(name)}
      >
        {t(of.archived ? 'reasons.restore' : 'reasons.archive')}
      </Button>
    </li>
  )
}

export function ReasonsPage() {
  const { t } = useTranslation()
  const { archived = false } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(reasonListQuery(archived))
  const archive = useArchive()
  const [shown, setShown] = useState<Reason | 'new'>()
  const close = () => setShown(undefined)
  return (
    <Guard need="justifications:decide">
      <PageHead title={t('nav.reasons')} hint={t('reasons.hint')}>
        <Button variant="primary" onClick={() => setShown('new')}>
          <Plus aria-hidden className="size-4" />
          {t('reasons.add')}
        </Button>
      </PageHead>
      <Card>
        <label className="mb-2 flex min-h-9 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4"
            checked={archived}
            onChange={(e) =>
              void navigate({ search: { archived: e.target.checked || undefined }, replace: true })
            }
          />
          {t('reasons.showArchived')}
        </label>
        <PagedList
          query={query}
          icon={ListChecks}
          none={t(archived ? 'reasons.noneArchived' : 'reasons.none')}
        >
          {(row) => (
            <Row of={row} onEdit={() => setShown(row)} onArchive={(name) => archive(row, name)} />
          )}
        </PagedList>
      </Card>
      {shown && <ReasonForm {...(shown === 'new' ? {} : { reason: shown })} onClose={close} />}
    </Guard>
  )
}
