/* Registered devices: read and changed by administrators. */
import { queryOptions } from '@tanstack/react-query'
import { api, call } from '@/api/client'
import type { components } from '@/api/schema.gen'
import { useChange } from './change'

export type Device = components['schemas']['device']
export type MadeDevice = components['schemas']['device_made']
export type NewDevice = components['schemas']['device_new']

const KEY = ['devices']

export const devicesQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) =>
    call(api.GET('/api/v1/devices', { params: { query: { limit: 200 } }, signal })),
})

const TOUCHED = [KEY]

export const useAddDevice = () =>
  useChange(TOUCHED, (body: NewDevice) => call<MadeDevice>(api.POST('/api/v1/devices', { body })))

export const useRotateDevice = () =>
  useChange(TOUCHED, (id: number) =>
    call<MadeDevice>(
      api.POST('/api/v1/devices/{device_id}/rotate', { params: { path: { device_id: id } } }),
    ),
  )

export const useRevokeDevice = () =>
  useChange(TOUCHED, (id: number) =>
    call(api.DELETE('/api/v1/devices/{device_id}', { params: { path: { device_id: id } } })),
  )
