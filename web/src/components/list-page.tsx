/* A page that is one list, reached from another page: its head, what narrows it, and its rows. */
import type { ComponentProps, ReactNode } from 'react'
import { Guard } from './guard'
import { PageHead } from './page-head'
import { PagedList } from './paged-list'
import { Card } from './ui/card'

type Props<T extends { id: number }> = ComponentProps<typeof PagedList<T>> & {
  need: string
  title: string
  hint: string
  back: ReactNode
  filters: ReactNode
}

export function ListPage<T extends { id: number }>(props: Props<T>) {
  const { need, title, hint, back, filters, ...list } = props
  return (
    <Guard need={need}>
      <PageHead title={title} hint={hint} before={back} />
      <Card>
        {filters}
        <PagedList {...list} />
      </Card>
    </Guard>
  )
}
