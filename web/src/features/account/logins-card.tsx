import { useQuery } from '@tanstack/react-query'
import { LogOut, MonitorSmartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { loginsQuery, useEndLogin, useLogout } from '@/api/queries/auth'
import type { LoginEntry } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { browserOf } from '@/lib/user-agent'

function Login({ entry, onEnd }: { entry: LoginEntry; onEnd: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const agent = browserOf(entry.user_agent)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <MonitorSmartphone aria-hidden className="size-5 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          <bdi>{agent ?? t('account.unknownBrowser')}</bdi>{' '}
          {entry.current && <Tag tone="ok">{t('account.thisBrowser')}</Tag>}
        </p>
        <p className="text-muted text-sm">
          <bdi dir="ltr">{entry.ip}</bdi>
          {' · '}
          {t('account.lastUsed', { time: format.dateTime(entry.last_used_at) })}
        </p>
      </div>
      {!entry.current && (
        <Button size="sm" onClick={onEnd}>
          {t('account.endLogin')}
        </Button>
      )}
    </li>
  )
}

export function LoginsCard() {
  const { t } = useTranslation()
  const logins = useQuery(loginsQuery)
  const end = useEndLogin()
  const everywhere = useLogout(true)
  return (
    <Card>
      <CardHead title={t('account.logins')} hint={t('account.loginsHint')}>
        <Button variant="danger" busy={everywhere.isPending} onClick={() => everywhere.mutate()}>
          <LogOut aria-hidden className="flip-rtl size-4" />
          {t('account.everywhere')}
        </Button>
      </CardHead>
      <ProblemNote error={logins.error ?? end.error ?? everywhere.error} />
      {logins.isPending && <Skeleton className="h-24" />}
      <ul className="divide-y divide-line">
        {logins.data?.items.map((entry) => (
          <Login key={entry.id} entry={entry} onEnd={() => end.mutate(entry.id)} />
        ))}
      </ul>
    </Card>
  )
}
