/* What an admin looks after around faces: look-alikes, old templates, photos in bulk. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, call, upload } from '../client'
import type { PhotoImport } from '../types'
import { useChange } from './change'

const FACES = ['faces'] as const

export const duplicatesQuery = infiniteQueryOptions({
  queryKey: [...FACES, 'duplicates'],
  queryFn: ({ pageParam, signal }) =>
    call(
      api.GET('/api/v1/duplicates', {
        params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor ?? undefined,
})

export const ageingQuery = infiniteQueryOptions({
  queryKey: [...FACES, 'ageing'],
  queryFn: ({ pageParam, signal }) =>
    call(
      api.GET('/api/v1/enrolments/ageing', {
        params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor ?? undefined,
})

export const importsQuery = queryOptions({
  queryKey: [...FACES, 'imports'],
  queryFn: ({ signal }) =>
    call(api.GET('/api/v1/imports', { params: { query: { limit: 5 } }, signal })),
})

export const importRowsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: [...FACES, 'rows', id],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET('/api/v1/imports/{import_id}/rows', {
          params: {
            path: { import_id: id },
            query: { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })

/* Every row of an import, for a report. */
export async function allRows(id: number) {
  const rows = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof rowsPage>> = await rowsPage(id, cursor)
    rows.push(...page.items)
    cursor = page.next_cursor
  }
  return rows
}

const rowsPage = (id: number, cursor: string) =>
  call(
    api.GET('/api/v1/imports/{import_id}/rows', {
      params: { path: { import_id: id }, query: { limit: 200, ...(cursor ? { cursor } : {}) } },
    }),
  )

export function useResolve() {
  return useChange(
    [FACES],
    ({
      id,
      verdict,
      note,
    }: {
      id: number
      verdict: 'same_person' | 'different_people'
      note: string
    }) =>
      call(
        api.POST('/api/v1/duplicates/{case_id}/resolve', {
          params: { path: { case_id: id } },
          body: note ? { verdict, note } : { verdict },
        }),
      ),
  )
}

export function useCreateImport() {
  return useChange(
    [FACES],
    ({ archive, list, source }: { archive: File; list?: File; source: string }) => {
      const form = new FormData()
      form.append('archive', archive, archive.name)
      if (list) form.append('list', list, list.name)
      form.append('source', source)
      return upload<PhotoImport>('/api/v1/imports/photos', form)
    },
  )
}

export function useMoveImport(verb: 'run' | 'cancel') {
  const path =
    verb === 'run'
      ? ('/api/v1/imports/{import_id}/run' as const)
      : ('/api/v1/imports/{import_id}/cancel' as const)
  return useChange([FACES], (id: number) =>
    call(api.POST(path, { params: { path: { import_id: id } } })),
  )
}
