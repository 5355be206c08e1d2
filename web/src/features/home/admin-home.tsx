import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { CalendarDays, GraduationCap, type LucideIcon, Presentation, ScanFace } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { countQuery, type Tally } from '@/api/queries/counts'
import { sessionsQuery } from '@/api/queries/sessions'
import { dayEnd, dayStart, useFormat } from '@/lib/format'
import { useToday } from '@/lib/today'
import { SystemCard } from './system-card'
import { SessionsBlock } from './today-sessions'

type FigureProps = {
  icon: LucideIcon
  label: string
  tally: Tally | undefined
  link: LinkProps
}

function Figure({ icon: Icon, label, tally, link }: FigureProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Link
      {...link}
      className="grid gap-3 rounded-xl border border-line bg-panel p-4 shadow-card transition-colors hover:border-strong-line"
    >
      <span className="flex items-center gap-2 text-muted text-sm">
        <Icon aria-hidden className="size-4 text-accent" />
        {label}
      </span>
      <span className="font-semibold text-3xl tabular-nums leading-none">
        {tally ? format.number(tally.n) : '–'}
        {tally?.more && <span className="sr-only">{t('common.orMore')}</span>}
        {tally?.more && <span aria-hidden>+</span>}
      </span>
    </Link>
  )
}

export function AdminHome() {
  const { t } = useTranslation()
  const today = useToday()
  const todays = useQuery(sessionsQuery({ from: dayStart(today), to: dayEnd(today) }))
  const students = useQuery(countQuery('students'))
  const enrolled = useQuery(countQuery('enrolled'))
  const trainers = useQuery(countQuery('trainers'))
  const n = todays.data?.items.length
  return (
    <div className="grid gap-8">
      <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
        <Figure
          icon={CalendarDays}
          label={t('home.figure.sessions')}
          tally={n === undefined ? undefined : { n, more: !!todays.data?.next_cursor }}
          link={{ to: '/sessions', search: { from: today, to: today } }}
        />
        <Figure
          icon={GraduationCap}
          label={t('home.figure.students')}
          tally={students.data}
          link={{ to: '/students' }}
        />
        <Figure
          icon={ScanFace}
          label={t('home.figure.enrolled')}
          tally={enrolled.data}
          link={{ to: '/students', search: { enrolled: true } }}
        />
        <Figure
          icon={Presentation}
          label={t('home.figure.trainers')}
          tally={trainers.data}
          link={{ to: '/manage/$kind', params: { kind: 'trainers' } }}
        />
      </div>
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <SessionsBlock
          query={todays}
          title={t('home.today')}
          empty={t('home.noneToday')}
          emptyHint={t('home.noneTodayAdmin')}
        />
        <SystemCard />
      </div>
    </div>
  )
}
