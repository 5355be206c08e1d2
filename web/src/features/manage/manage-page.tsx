import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Inbox, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Body, resourceQuery, useSaveResource } from '@/api/queries/resources'
import type { User } from '@/api/types'
import { EmptyState } from '@/components/empty-state'
import { Guard } from '@/components/guard'
import { LoadMore } from '@/components/load-more'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { ResourceDialog } from '@/components/resource-dialog'
import { SearchInput } from '@/components/search-input'
import { Button } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { loadTexts } from '@/lib/i18n'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { KINDS, type ManagedName } from './kinds'
import { ManageTable, type Row } from './manage-table'

const DataDialog = lazy(async () => {
  await loadTexts('forget', 'privacy')
  return import('./data-dialog')
})

const route = getRouteApi('/shell/manage/$kind')

export function ManagePage() {
  const { kind } = route.useParams()
  return (
    <Guard need={kind === 'users' ? 'users:manage' : 'structure:manage'}>
      <ManageList key={kind} name={kind} />
    </Guard>
  )
}

/* New things start with the kind's defaults; a trainer's e-mail and the like are asked once. */
function useEditor(name: ManagedName) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<{ row: Row | undefined }>()
  const save = useSaveResource(name)
  const close = () => {
    setOpen(undefined)
    save.reset()
  }
  const submit = (body: Body) =>
    save.mutate(
      { row: open?.row as never, body },
      {
        onSuccess: () => {
          close()
          toast(t('manage.saved'), { tone: 'ok' })
        },
      },
    )
  const archive = (row: Row, archived: boolean) =>
    save.mutate(
      { row: row as never, body: { archived } },
      {
        onSuccess: (now) =>
          toast(t(archived ? 'manage.archived' : 'manage.restored', { name: row.name }), {
            tone: 'ok',
            action: {
              label: t('common.undo'),
              run: () => archive(now as unknown as Row, !archived),
            },
          }),
        onError: (error) => toast(problemText(t, error), { tone: 'bad' }),
      },
    )
  return { open, setOpen, close, submit, archive, save }
}

function ManageList({ name }: { name: ManagedName }) {
  const { t } = useTranslation()
  const kind = KINDS[name]
  const { q = '', archived = false } = route.useSearch()
  const navigate = route.useNavigate()
  const editor = useEditor(name)
  const [data, setData] = useState<User>()
  const query = useInfiniteQuery(resourceQuery(name, { ...(q ? { q } : {}), archived }))
  const rows = query.data?.pages.flatMap((p) => p.items as unknown as Row[])
  const set = (search: { q?: string | undefined; archived?: boolean | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...search }), replace: true })
  return (
    <>
      <PageHead title={t(kind.title)}>
        <Button variant="primary" onClick={() => editor.setOpen({ row: undefined })}>
          <Plus aria-hidden className="size-4" />
          {t(kind.add)}
        </Button>
      </PageHead>
      <div className="mb-4 flex flex-wrap items-center gap-4">
        <SearchInput
          label={t('manage.search')}
          value={q}
          onChange={(text) => set({ q: text || undefined })}
          className="w-full sm:w-72"
        />
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={archived}
            onChange={(e) => set({ archived: e.target.checked || undefined })}
            className="size-4 accent-(--accent)"
          />
          {t('manage.showArchived')}
        </label>
      </div>
      <ProblemNote error={rows ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Skeleton className="h-96" />}
      {rows?.length === 0 && (
        <Card className="p-0">
          <EmptyState icon={Inbox} level={2} title={t('manage.none')} hint={t('manage.noneHint')} />
        </Card>
      )}
      {rows && rows.length > 0 && (
        <ManageTable
          title={t(kind.title)}
          columns={kind.columns}
          rows={rows}
          onEdit={(row) => editor.setOpen({ row })}
          onArchive={editor.archive}
          onData={name === 'users' ? (row) => setData(row as unknown as User) : undefined}
        />
      )}
      <LoadMore query={query} />
      {data && (
        <Suspense fallback={null}>
          <DataDialog user={data} onClose={() => setData(undefined)} />
        </Suspense>
      )}
      {editor.open && (
        <ResourceDialog
          title={t(editor.open.row ? kind.edit : kind.add)}
          fields={kind.fields}
          row={editor.open.row}
          {...(kind.defaults ? { defaults: kind.defaults } : {})}
          busy={editor.save.isPending}
          error={editor.save.error}
          onClose={editor.close}
          onSave={editor.submit}
        />
      )}
    </>
  )
}
