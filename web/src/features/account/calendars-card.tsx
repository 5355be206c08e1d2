/* Calendars that other programs read by a secret address: shown once, taken back at any time. */
import { useQuery } from '@tanstack/react-query'
import { CalendarPlus, Copy } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/api/queries/auth'
import {
  type Feed,
  feedsQuery,
  type MadeFeed,
  type NewFeed,
  useAddFeed,
  useRevokeFeed,
} from '@/api/queries/calendars'
import { wardsQuery } from '@/api/queries/papers'
import type { Me } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { ResourceChoice } from '@/components/resource-choice'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { useFormat } from '@/lib/format'

function Made({ made, onClose }: { made: MadeFeed; onClose: () => void }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const address = new URL(made.path, location.origin).href
  return (
    <Dialog title={t('people.calendarMade')} onClose={onClose}>
      <p className="mb-3">{t('people.calendarOnce')}</p>
      <code dir="ltr" className="block break-all rounded-lg bg-sunk p-3 font-mono text-sm">
        {address}
      </code>
      <DialogFoot>
        <Button
          onClick={() => void navigator.clipboard?.writeText(address).then(() => setCopied(true))}
        >
          <Copy aria-hidden className="size-4" />
          {t(copied ? 'people.copied' : 'people.copy')}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}

function Row({ feed }: { feed: Feed }) {
  const { t } = useTranslation()
  const format = useFormat()
  const revoke = useRevokeFeed()
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium">
          <bdi>{feed.name}</bdi>
        </p>
        <p className="text-muted text-sm">
          {t(`people.subject.${feed.subject}`)}
          {' · '}
          {feed.last_read_at
            ? t('people.lastRead', { time: format.dateTime(feed.last_read_at) })
            : t('people.neverRead')}
        </p>
        <ProblemNote error={revoke.error} />
      </div>
      <Button size="sm" busy={revoke.isPending} onClick={() => revoke.mutate(feed.id)}>
        {t('people.revoke')}
      </Button>
    </li>
  )
}

type Choice = { body: NewFeed; label: string }

/* What this person can subscribe to with one click. */
function useChoices(me: Me): Choice[] {
  const { t } = useTranslation()
  const wards = useQuery({ ...wardsQuery, enabled: me.role === 'guardian' })
  const choices: Choice[] = []
  if (me.student_id !== null) {
    choices.push({
      body: { subject: 'student', subject_id: me.student_id },
      label: t('people.subscribe'),
    })
  }
  if (me.trainer_id !== null) {
    choices.push({
      body: { subject: 'trainer', subject_id: me.trainer_id },
      label: t('people.subscribe'),
    })
  }
  for (const ward of wards.data?.items ?? []) {
    choices.push({
      body: { subject: 'student', subject_id: ward.id },
      label: t('people.subscribeTo', { name: ward.name }),
    })
  }
  return choices
}

function GroupFeed({ busy, onAdd }: { busy: boolean; onAdd: (body: NewFeed) => void }) {
  const { t } = useTranslation()
  const [group, setGroup] = useState('')
  const id = useId()
  return (
    <form
      className="mt-4 flex flex-wrap items-end gap-3"
      onSubmit={(e) => {
        e.preventDefault()
        onAdd({ subject: 'group', subject_id: Number(group) })
      }}
    >
      <div className="min-w-0 flex-1 basis-48">
        <label htmlFor={id} className="mb-1 block font-medium text-sm">
          {t('people.subject.group')}
        </label>
        <ResourceChoice name="groups" control={{ id }} value={group} required onChange={setGroup} />
      </div>
      <Button type="submit" busy={busy}>
        <CalendarPlus aria-hidden className="size-4" />
        {t('people.subscribeGroup')}
      </Button>
    </form>
  )
}

export function CalendarsCard() {
  const { t } = useTranslation()
  const me = useMe()
  const feeds = useQuery(feedsQuery)
  const add = useAddFeed()
  const choices = useChoices(me)
  const [made, setMade] = useState<MadeFeed>()
  const subscribe = (body: NewFeed) => add.mutate(body, { onSuccess: setMade })
  return (
    <Card>
      <CardHead title={t('people.calendars')} hint={t('people.calendarsHint')} />
      <ProblemNote error={feeds.error ?? add.error} />
      {feeds.isPending && <Skeleton className="h-16" />}
      <ul className="divide-y divide-line">
        {feeds.data?.items.map((feed) => (
          <Row key={feed.id} feed={feed} />
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-3">
        {choices.map(({ body, label }) => (
          <Button
            key={`${body.subject}${body.subject_id}`}
            busy={add.isPending}
            onClick={() => subscribe(body)}
          >
            <CalendarPlus aria-hidden className="size-4" />
            {label}
          </Button>
        ))}
      </div>
      {(me.role === 'admin' || me.role === 'trainer') && (
        <GroupFeed busy={add.isPending} onAdd={subscribe} />
      )}
      {made && <Made made={made} onClose={() => setMade(undefined)} />}
    </Card>
  )
}
