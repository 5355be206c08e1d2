/* A list that grows page by page: waiting, in trouble, empty, or its rows and the way to more. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { LucideIcon } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { EmptyState } from './empty-state'
import { LoadMore } from './load-more'
import { ProblemNote } from './problem-note'
import { Skeleton } from './ui/card'

type Props<T> = {
  query: UseInfiniteQueryResult<InfiniteData<{ items: T[] }>>
  /* Of a page that holds nothing else; a card among others says it in one line. */
  icon?: LucideIcon
  none: string
  noneHint?: string
  /* Rows that bring a background of their own stand apart; others are divided by lines. */
  apart?: boolean
  children: (row: T) => ReactNode
}

export function PagedList<T extends { id: number }>(props: Props<T>) {
  const { query, icon, none, noneHint, apart = false, children } = props
  const rows = query.data?.pages.flatMap((p) => p.items)
  return (
    <>
      <ProblemNote error={rows ? null : query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Skeleton className={icon ? 'h-40' : 'h-16'} />}
      {rows?.length === 0 && !icon && <p className="text-muted">{none}</p>}
      {rows?.length === 0 && icon && (
        <EmptyState icon={icon} level={2} title={none} hint={noneHint} />
      )}
      {rows && rows.length > 0 && (
        <ul className={apart ? 'grid gap-2' : 'divide-y divide-line'}>
          {rows.map((row) => (
            <Fragment key={row.id}>{children(row)}</Fragment>
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </>
  )
}
