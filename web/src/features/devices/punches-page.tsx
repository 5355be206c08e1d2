/* For administrators: what readers at doors have sent, and what became of it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { DoorOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { devicesQuery } from '@/api/queries/devices'
import { type Punch, punchesQuery } from '@/api/queries/punches'
import { BackLink } from '@/components/back-link'
import { ListPage } from '@/components/list-page'
import { Tag } from '@/components/status'
import { Select } from '@/components/ui/field'
import { useFormat } from '@/lib/format'
import { OUTCOME_NAMES, OUTCOMES } from './outcomes'

const route = getRouteApi('/shell/punches')

function Row({ of }: { of: Punch }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5" data-punch={of.identifier}>
      <div className="me-auto min-w-0">
        <p className="font-medium">
          {of.student_id === null ? (
            <bdi>{of.identifier}</bdi>
          ) : (
            <Link
              to="/students/$studentId"
              params={{ studentId: of.student_id }}
              className="hover:underline"
            >
              <bdi>{of.identifier}</bdi>
            </Link>
          )}
          <span className="ms-2 font-normal text-muted text-sm">
            {t(`punches.direction.${of.direction}`)}
          </span>
        </p>
        <p className="text-muted text-sm">
          <time dateTime={of.punched_at}>{format.dateTime(of.punched_at)}</time>
          {' · '}
          <bdi>{of.device_name}</bdi>
          {of.session_id !== null && (
            <>
              {' · '}
              <Link
                to="/sessions/$sessionId"
                params={{ sessionId: of.session_id }}
                className="underline underline-offset-2"
              >
                {t('punches.session')}
              </Link>
            </>
          )}
        </p>
      </div>
      {of.early && <Tag tone="warn">{t('punches.early')}</Tag>}
      <Tag tone={OUTCOMES[of.outcome]}>{t(`punches.outcome.${of.outcome}`)}</Tag>
    </li>
  )
}

function Filters() {
  const { t } = useTranslation()
  const { outcome, device } = route.useSearch()
  const navigate = route.useNavigate()
  const devices = useQuery(devicesQuery)
  const readers = devices.data?.items.filter((d) => d.kind === 'reader') ?? []
  return (
    <div className="mb-2 grid gap-3 sm:grid-cols-2 lg:w-2/3">
      <Select
        aria-label={t('punches.outcome')}
        value={outcome ?? ''}
        onChange={(e) =>
          void navigate({
            search: (old) => ({
              ...old,
              outcome: OUTCOME_NAMES.find((name) => name === e.target.value),
            }),
            replace: true,
          })
        }
      >
        <option value="">{t('punches.all')}</option>
        {OUTCOME_NAMES.map((name) => (
          <option key={name} value={name}>
            {t(`punches.outcome.${name}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('devices.reader')}
        value={device ?? ''}
        onChange={(e) =>
          void navigate({
            search: (old) => ({ ...old, device: Number(e.target.value) || undefined }),
            replace: true,
          })
        }
      >
        <option value="">{t('punches.allReaders')}</option>
        {readers.map((d) => (
          <option key={d.id} value={d.id}>
            {d.name}
          </option>
        ))}
      </Select>
    </div>
  )
}

export function PunchesPage() {
  const { t } = useTranslation()
  const { outcome, device } = route.useSearch()
  const query = useInfiniteQuery(
    punchesQuery({ ...(outcome ? { outcome } : {}), ...(device ? { device_id: device } : {}) }),
  )
  return (
    <ListPage
      need="punches:read"
      title={t('nav.punches')}
      hint={t('punches.hint')}
      back={<BackLink to="/devices">{t('nav.devices')}</BackLink>}
      filters={<Filters />}
      query={query}
      icon={DoorOpen}
      none={t('punches.none')}
      noneHint={t('punches.noneHint')}
    >
      {(row) => <Row of={row} />}
    </ListPage>
  )
}
