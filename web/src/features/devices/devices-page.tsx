/* Kiosks and readers of the school: their rooms, when they were last heard of, their tokens. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Copy, DoorOpen, List, Plus, TabletSmartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import {
  type Device,
  devicesQuery,
  type MadeDevice,
  useRevokeDevice,
  useRotateDevice,
} from '@/api/queries/devices'
import { EmptyState } from '@/components/empty-state'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Button, buttonClass } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { useFormat } from '@/lib/format'
import { AddDevice } from './add-dialog'

function ShowToken({ made, onClose }: { made: MadeDevice; onClose: () => void }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  return (
    <Dialog title={t('devices.token')} onClose={onClose}>
      <p className="mb-3 break-words">
        {made.device.kind === 'reader'
          ? t('devices.readerTokenOnce', { address: `${location.origin}/api/v1/punches` })
          : t('devices.tokenOnce', { address: `${location.origin}/kiosk` })}
      </p>
      <code
        dir="ltr"
        data-token
        className="block break-all rounded-lg bg-sunk p-3 font-mono text-sm"
      >
        {made.token}
      </code>
      <DialogFoot>
        <Button
          onClick={() =>
            void navigator.clipboard?.writeText(made.token).then(() => setCopied(true))
          }
        >
          <Copy aria-hidden className="size-4" />
          {t(copied ? 'devices.copied' : 'devices.copy')}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}

function Row({ device, onMade }: { device: Device; onMade: (made: MadeDevice) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const rotate = useRotateDevice()
  const revoke = useRevokeDevice()
  const [sure, setSure] = useState(false)
  const Icon = device.kind === 'reader' ? DoorOpen : TabletSmartphone
  const seen = device.last_seen_at && format.dateTime(device.last_seen_at)
  return (
    <li className="flex flex-wrap items-center gap-3 py-4">
      <Icon aria-hidden className="size-6 text-accent" />
      <div className="me-auto min-w-0">
        <p className="font-medium">
          <bdi>{device.name}</bdi>
        </p>
        <p className="text-muted text-sm">
          {t(`devices.${device.kind}`)} · <bdi>{device.room_name}</bdi> ·{' '}
          {seen ? t('devices.seen', { when: seen }) : t('devices.neverSeen')}
          {device.network && <bdi> · {device.network}</bdi>}
        </p>
        <ProblemNote error={rotate.error ?? revoke.error} />
      </div>
      <Button
        size="sm"
        busy={rotate.isPending}
        onClick={() => rotate.mutate(device.id, { onSuccess: onMade })}
      >
        {t('devices.rotate')}
      </Button>
      <Button size="sm" variant="danger" onClick={() => setSure(true)}>
        {t('devices.revoke')}
      </Button>
      {sure && (
        <Dialog title={t('devices.revoke')} onClose={() => setSure(false)}>
          <p>{t('devices.revokeSure', { name: device.name })}</p>
          <DialogFoot>
            <Button onClick={() => setSure(false)}>{t('common.cancel')}</Button>
            <Button
              variant="danger"
              busy={revoke.isPending}
              onClick={() => revoke.mutate(device.id, { onSettled: () => setSure(false) })}
            >
              {t('devices.revoke')}
            </Button>
          </DialogFoot>
        </Dialog>
      )}
    </li>
  )
}

export function DevicesPage() {
  const { t } = useTranslation()
  const devices = useQuery(devicesQuery)
  const readsPunches = useMay('punches:read')
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<MadeDevice>()
  const show = (m: MadeDevice) => {
    setAdding(false)
    setMade(m)
  }
  return (
    <>
      <PageHead title={t('nav.devices')} hint={t('devices.hint')}>
        {readsPunches && (
          <Link to="/punches" className={buttonClass('outline')}>
            <List aria-hidden className="size-4" />
            {t('nav.punches')}
          </Link>
        )}
        <Button variant="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
          {t('devices.add')}
        </Button>
      </PageHead>
      <ProblemNote error={devices.error} onRetry={() => void devices.refetch()} />
      {devices.isPending && <Skeleton className="h-24" />}
      {devices.data && (
        <Card>
          {devices.data.items.length === 0 ? (
            <EmptyState
              icon={TabletSmartphone}
              level={2}
              title={t('devices.none')}
              hint={t('devices.noneHint')}
            />
          ) : (
            <ul className="divide-y divide-line">
              {devices.data.items.map((d) => (
                <Row key={d.id} device={d} onMade={show} />
              ))}
            </ul>
          )}
        </Card>
      )}
      {adding && <AddDevice onClose={() => setAdding(false)} onMade={show} />}
      {made && <ShowToken made={made} onClose={() => setMade(undefined)} />}
    </>
  )
}
