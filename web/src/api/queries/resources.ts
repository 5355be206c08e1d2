/* The simple lists that an administrator keeps: each can be listed, made and changed in the same way. */
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call, ifMatch } from '../client'
import type { Group, Module, Page, Programme, Room, Student, Trainer, User } from '../types'

export type Resources = {
  programmes: Programme
  modules: Module
  groups: Group
  rooms: Room
  trainers: Trainer
  users: User
  students: Student
}

export type ResourceName = keyof Resources
export type Body = Record<string, unknown>
type Query = { limit?: number; cursor?: string; q?: string; archived?: boolean }

type Calls<T> = {
  list: (query: Query, signal: AbortSignal) => Promise<Page<T>>
  create: (body: Body) => Promise<T>
  update: (id: number, version: number, body: Body) => Promise<T>
}

const CALLS: { [K in ResourceName]: Calls<Resources[K]> } = {
  programmes: {
    list: (query, signal) => call(api.GET('/api/v1/programmes', { params: { query }, signal })),
    create: (body) => call(api.POST('/api/v1/programmes', { body: body as never })),
    update: (id, version, body) =>
      call(
        api.PATCH('/api/v1/programmes/{id}', {
          params: { path: { id }, header: ifMatch(version) },
          body: body as never,
        }),
      ),
  },
  modules: {
    list: (query, signal) => call(api.GET('/api/v1/modules', { params: { query }, signal })),
    create: (body) => call(api.POST('/api/v1/modules', { body: body as never })),
    update: (id, version, body) =>
      call(
        api.PATCH('/api/v1/modules/{id}', {
          params: { path: { id }, header: ifMatch(version) },
          body: body as never,
        }),
      ),
  },
  groups: {
    list: (query, signal) => call(api.GET('/api/v1/groups', { params: { query }, signal })),
    create: (body) => call(api.POST('/api/v1/groups', { body: body as never })),
    update: (id, version, body) =>
      call(
        api.PATCH('/api/v1/groups/{group_id}', {
          params: { path: { group_id: id }, header: ifMatch(version) },
          body: body as never,
        }),
      ),
  },
  rooms: {
    list: (query, signal) => call(api.GET('/api/v1/rooms', { params: { query }, signal })),
    create: (body) => call(api.POST('/api/v1/rooms', { body: body as never })),
    update: (id, version, body) =>
      call(
        api.PATCH('/api/v1/rooms/{id}', {
          params: { path: { id }, header: ifMatch(version) },
          body: body as never,
        }),
      ),
  },
  trainers: {
    list: (query, signal) => call(api.GET('/api/v1/trainers', { params: { query }, signal })),
    create: (body) => call(api.POST('/api/v1/trainers', { body: body as never })),
    update: (id, version, body) =>
      call(
        api.PATCH('/api/v1/trainers/{trainer_id}', {
          params: { path: { trainer_id: id }, header: ifMatch(version) },
          body: body as never,
        }),
      ),
  },
  users: {
    list: (query, signal) => call(api.GET('/api/v1/users', { params: { query }, signal })),
    create: (body) => call(api.POST('/api/v1/users', { body: body as never })),
    update: (id, version, body) =>
      call(
        api.PATCH('/api/v1/users/{user_id}', {
          params: { path: { user_id: id }, header: ifMatch(version) },
          body: body as never,
        }),
      ),
  },
  students: {
    list: (query, signal) => call(api.GET('/api/v1/students', { params: { query }, signal })),
    create: (body) => call(api.POST('/api/v1/students', { body: body as never })),
    update: (id, version, body) =>
      call(
        api.PATCH('/api/v1/students/{student_id}', {
          params: { path: { student_id: id }, header: ifMatch(version) },
          body: body as never,
        }),
      ),
  },
}

export type ListFilter = Pick<Query, 'q' | 'archived' | 'limit'>

export function resourceQuery<K extends ResourceName>(name: K, filter: ListFilter = {}) {
  return infiniteQueryOptions({
    queryKey: [name, 'resource', filter],
    queryFn: ({ pageParam, signal }) =>
      CALLS[name].list(
        { limit: 50, ...filter, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      ) as Promise<Page<Resources[K]>>,
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: (old) => old,
  })
}

/* Enough for any drop-down list of a school. */
export const choicesQuery = <K extends ResourceName>(name: K) => resourceQuery(name, { limit: 200 })

export function useSaveResource<K extends ResourceName>(name: K) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ row, body }: { row: Resources[K] | undefined; body: Body }) =>
      (row ? CALLS[name].update(row.id, row.version, body) : CALLS[name].create(body)) as Promise<
        Resources[K]
      >,
    onSuccess: () => client.invalidateQueries({ queryKey: [name] }),
  })
}
