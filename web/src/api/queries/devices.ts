/* Registered devices: read and changed by administrators. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, call } from '@/api/client'
import type { components } from '@/api/schema.gen'

export type Device = components['schemas']['device']
export type MadeDevice = components['schemas']['device_made']
export type NewDevice = components['schemas']['device_new']

const KEY = ['devices']

export const devicesQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) =>
    call(api.GET('/api/v1/devices', { params: { query: { limit: 200 } }, signal })),
})

function useChange<A, T>(run: (arg: A) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  })
}

export const useAddDevice = () =>
  useChange((body: NewDevice) => call<MadeDevice>(api.POST('/api/v1/devices', { body })))

export const useRotateDevice = () =>
  useChange((id: number) =>
    call<MadeDevice>(
      api.POST('/api/v1/devices/{device_id}/rotate', { params: { path: { device_id: id } } }),
    ),
  )

export const useRevokeDevice = () =>
  useChange((id: number) =>
    call(api.DELETE('/api/v1/devices/{device_id}', { params: { path: { device_id: id } } })),
  )
