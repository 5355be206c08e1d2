/* What trainers ask for: the own requests, or all of them for who decides. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { requestsQuery, type SessionRequest, useDecide, useWithdraw } from '@/api/queries/timetable'
import { ProblemNote } from '@/components/problem-note'
import { ReasonDialog } from '@/components/reason-dialog'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { ClashNote } from './clash-note'

const TONES = { pending: 'warn', approved: 'ok', rejected: 'bad', withdrawn: 'idle' } as const

function Decide({ request }: { request: SessionRequest }) {
  const { t } = useTranslation()
  const decide = useDecide()
  const [refusing, setRefusing] = useState(false)
  const approve = (allowClash: boolean) =>
    decide.mutate({ id: request.id, approve: true, reason: '', allowClash })
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="primary" busy={decide.isPending} onClick={() => approve(false)}>
          {t('timetable.approve')}
        </Button>
        <Button size="sm" onClick={() => setRefusing(true)}>
          {t('timetable.reject')}
        </Button>
      </div>
      {!refusing && (
        <div className="w-full empty:hidden">
          {decide.error && (
            <ClashNote
              error={decide.error}
              zone={request.time_zone}
              onAnyway={() => approve(true)}
            />
          )}
        </div>
      )}
      {refusing && (
        <ReasonDialog
          title={t('timetable.reject')}
          hint={t('timetable.rejectHint')}
          submit={t('timetable.reject')}
          busy={decide.isPending}
          error={decide.error}
          onClose={() => setRefusing(false)}
          onSubmit={(reason) =>
            decide.mutate(
              { id: request.id, approve: false, reason, allowClash: false },
              { onSuccess: () => setRefusing(false) },
            )
          }
        />
      )}
    </>
  )
}

function Withdraw({ request }: { request: SessionRequest }) {
  const { t } = useTranslation()
  const withdraw = useWithdraw()
  return (
    <>
      <Button size="sm" busy={withdraw.isPending} onClick={() => withdraw.mutate(request)}>
        {t('timetable.withdraw')}
      </Button>
      <ProblemNote error={withdraw.error} />
    </>
  )
}

function Row({ request }: { request: SessionRequest }) {
  const { t } = useTranslation()
  const format = useFormat()
  const decides = useMay('session-requests:decide')
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-sunk p-4">
      <div className="me-auto min-w-0">
        <p className="font-medium">
          <bdi>{request.module_name}</bdi> · <bdi>{format.list(request.group_names)}</bdi>
        </p>
        <p className="text-muted text-sm">
          {format.day(request.starts_at, request.time_zone)}{' '}
          {format.timeRange(request.starts_at, request.ends_at, request.time_zone)}
          {request.room_name && (
            <>
              {' · '}
              <bdi>{request.room_name}</bdi>
            </>
          )}
          {' · '}
          <bdi>{request.trainer_name}</bdi>
        </p>
        {request.message && <p className="text-sm">{request.message}</p>}
        {request.answer && <p className="text-bad text-sm">{request.answer}</p>}
      </div>
      <Tag tone={TONES[request.state]}>{t(`timetable.request.${request.state}`)}</Tag>
      {request.state === 'pending' &&
        (decides ? <Decide request={request} /> : <Withdraw request={request} />)}
    </li>
  )
}

export function RequestsCard() {
  const { t } = useTranslation()
  const requests = useQuery(requestsQuery)
  const items = requests.data?.items ?? []
  return (
    <Card className="mt-8">
      <h2 className="mb-4 font-semibold text-lg">{t('timetable.requests')}</h2>
      <ProblemNote error={requests.data ? null : requests.error} />
      {requests.data && items.length === 0 && (
        <p className="text-muted">{t('timetable.noRequests')}</p>
      )}
      <ul className="grid gap-2 empty:hidden">
        {items.map((request) => (
          <Row key={request.id} request={request} />
        ))}
      </ul>
    </Card>
  )
}
