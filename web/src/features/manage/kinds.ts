/* What each administrator's list shows and asks. */
import type { ResourceName } from '@/api/queries/resources'
import type { FormField } from '@/components/resource-dialog'
import type { TextKey } from '@/lib/i18n'

export type ManagedName = Exclude<ResourceName, 'students'>

export type Column = {
  name: string
  label: TextKey
  kind?: 'number' | 'role' | 'active' | 'programme' | 'bidi'
}

export type Kind = {
  title: TextKey
  add: TextKey
  edit: TextKey
  columns: readonly Column[]
  fields: readonly FormField[]
  defaults?: Record<string, string>
}

const code: FormField = {
  name: 'code',
  label: 'manage.code',
  kind: 'text',
  required: true,
  max: 32,
}
const name: FormField = { name: 'name', label: 'manage.name', kind: 'text', required: true }
const programme: FormField = {
  name: 'programme_id',
  label: 'manage.programme',
  kind: 'resource',
  resource: 'programmes',
  required: true,
}
const password: FormField = {
  name: 'password',
  label: 'manage.password',
  kind: 'password',
  onCreate: true,
  hint: 'manage.passwordHint',
  max: 128,
}

const CODE: Column = { name: 'code', label: 'manage.code', kind: 'bidi' }
const NAME: Column = { name: 'name', label: 'manage.name', kind: 'bidi' }
const PROGRAMME: Column = { name: 'programme_id', label: 'manage.programme', kind: 'programme' }
const EMAIL: Column = { name: 'email', label: 'manage.email', kind: 'bidi' }

export const KINDS: Record<ManagedName, Kind> = {
  programmes: {
    title: 'nav.programmes',
    add: 'manage.programmes.add',
    edit: 'manage.programmes.edit',
    columns: [NAME, CODE],
    fields: [code, name],
  },
  modules: {
    title: 'nav.modules',
    add: 'manage.modules.add',
    edit: 'manage.modules.edit',
    columns: [NAME, CODE, PROGRAMME, { name: 'hours', label: 'manage.hours', kind: 'number' }],
    fields: [programme, code, name, { name: 'hours', label: 'manage.hours', kind: 'number' }],
  },
  groups: {
    title: 'nav.groups',
    add: 'manage.groups.add',
    edit: 'manage.groups.edit',
    columns: [
      NAME,
      CODE,
      PROGRAMME,
      { name: 'student_count', label: 'nav.students', kind: 'number' },
    ],
    fields: [programme, code, name],
  },
  rooms: {
    title: 'nav.rooms',
    add: 'manage.rooms.add',
    edit: 'manage.rooms.edit',
    columns: [NAME, CODE, { name: 'capacity', label: 'manage.capacity', kind: 'number' }],
    fields: [
      code,
      name,
      { name: 'capacity', label: 'manage.capacity', kind: 'number' },
      {
        name: 'network',
        label: 'people.network',
        kind: 'text',
        clears: true,
        max: 800,
        hint: 'people.networkHint',
      },
      { name: 'latitude', label: 'people.latitude', kind: 'decimal', hint: 'people.placeHint' },
      { name: 'longitude', label: 'people.longitude', kind: 'decimal' },
      { name: 'radius_m', label: 'people.radius', kind: 'number' },
    ],
  },
  trainers: {
    title: 'nav.trainers',
    add: 'manage.trainers.add',
    edit: 'manage.trainers.edit',
    columns: [NAME, EMAIL, { name: 'specialities', label: 'manage.specialities', kind: 'bidi' }],
    fields: [
      name,
      { name: 'email', label: 'manage.email', kind: 'email', required: true, onCreate: true },
      { ...password, required: true },
      { name: 'specialities', label: 'manage.specialities', kind: 'text' },
    ],
  },
  users: {
    title: 'nav.users',
    add: 'manage.users.add',
    edit: 'manage.users.edit',
    columns: [
      NAME,
      EMAIL,
      { name: 'role', label: 'manage.role', kind: 'role' },
      { name: 'active', label: 'manage.active', kind: 'active' },
    ],
    fields: [
      name,
      { name: 'email', label: 'manage.email', kind: 'email', required: true },
      {
        name: 'role',
        label: 'manage.role',
        kind: 'choice',
        required: true,
        options: [
          { value: 'admin', label: 'role.admin' },
          { value: 'trainer', label: 'role.trainer' },
          { value: 'guardian', label: 'role.guardian' },
        ],
        onCreate: true,
      },
      { name: 'active', label: 'manage.active', kind: 'switch', required: true, onEdit: true },
      { ...password, required: true },
    ],
    defaults: { role: 'trainer' },
  },
}
