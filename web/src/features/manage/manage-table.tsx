import { useInfiniteQuery } from '@tanstack/react-query'
import { Archive, ArchiveRestore, FileUser, Pencil } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { choicesQuery } from '@/api/queries/resources'
import type { Role } from '@/api/types'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { isForgotten, orNothing } from '@/lib/forgotten'
import { useFormat } from '@/lib/format'
import type { Column } from './kinds'

export type Row = { id: number; name: string; version: number; archived: boolean } & Record<
  string,
  unknown
>

function ProgrammeName({ id }: { id: number }) {
  const query = useInfiniteQuery(choicesQuery('programmes'))
  const found = query.data?.pages.flatMap((p) => p.items).find((p) => p.id === id)
  return <bdi>{found?.name}</bdi>
}

function Cell({ column, value: stored }: { column: Column; value: unknown }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const value = orNothing(stored)
  if (value === null || value === undefined || value === '') {
    return <span className="text-muted">–</span>
  }
  switch (column.kind) {
    case 'number':
      return <span className="tabular-nums">{format.number(Number(value))}</span>
    case 'role':
      return t(`role.${value as Role}`)
    case 'active':
      return <Tag tone={value ? 'ok' : 'idle'}>{t(value ? 'common.yes' : 'common.no')}</Tag>
    case 'programme':
      return <ProgrammeName id={Number(value)} />
    default:
      return <bdi>{String(value)}</bdi>
  }
}

/* The name; on a phone what follows it stands below. */
function Main({ row, under }: { row: Row; under: Column | undefined }) {
  return (
    <>
      <bdi className="font-medium">{row.name}</bdi>
      {under && (
        <span className="block text-muted text-sm [overflow-wrap:anywhere] sm:hidden">
          <Cell column={under} value={row[under.name]} />
        </span>
      )}
    </>
  )
}

type Props = {
  title: string
  columns: readonly Column[]
  rows: readonly Row[]
  onEdit: (row: Row) => void
  onArchive: (row: Row, archived: boolean) => void
  onData: ((row: Row) => void) | undefined
}

export function ManageTable({ title, columns, rows, onEdit, onArchive, onData }: Props) {
  const { t } = useTranslation()
  return (
    <div className="relative overflow-x-auto rounded-xl border border-line bg-panel shadow-card">
      <table className="w-full border-collapse">
        <caption className="sr-only">{title}</caption>
        <thead className="bg-sunk text-muted text-sm">
          <tr>
            {columns.map((c, i) => (
              <th
                key={c.name}
                scope="col"
                className={cn('px-4 py-2.5 text-start font-medium', i > 0 && 'max-sm:hidden')}
              >
                {t(c.label)}
              </th>
            ))}
            <th scope="col" className="px-4 py-2.5">
              <span className="sr-only">{t('manage.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="border-line border-t hover:bg-sunk">
              {columns.map((c, i) => (
                <td key={c.name} className={cn('px-4 py-2.5', i > 0 && 'max-sm:hidden')}>
                  {i === 0 ? (
                    <Main row={row} under={columns[1]} />
                  ) : (
                    <Cell column={c} value={row[c.name]} />
                  )}
                </td>
              ))}
              <td className="w-px whitespace-nowrap px-2 text-end">
                {onData && (
                  <Button
                    variant="ghost"
                    size="icon"
                    className="px-0"
                    aria-label={t('people.dataOf', { name: row.name })}
                    onClick={() => onData(row)}
                  >
                    <FileUser aria-hidden className="size-4" />
                  </Button>
                )}
                {!row.archived && (
                  <Button
                    variant="ghost"
                    size="icon"
                    className="px-0"
                    aria-label={t('manage.editOne', { name: row.name })}
                    onClick={() => onEdit(row)}
                  >
                    <Pencil aria-hidden className="size-4" />
                  </Button>
                )}
                {!isForgotten(String(row.email)) && (
                  <Button
                    variant="ghost"
                    size="icon"
                    className="px-0"
                    aria-label={t(row.archived ? 'manage.restoreOne' : 'manage.archiveOne', {
                      name: row.name,
                    })}
                    onClick={() => onArchive(row, !row.archived)}
                  >
                    {row.archived ? (
                      <ArchiveRestore aria-hidden className="size-4" />
                    ) : (
                      <Archive aria-hidden className="size-4" />
                    )}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
