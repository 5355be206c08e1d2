/* What the palette offers: pages, students, sessions and a few actions. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  CalendarDays,
  GraduationCap,
  Languages,
  LogOut,
  type LucideIcon,
  SunMoon,
  UserCog,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { may, useLogout, useMe, useUpdateMe } from '@/api/queries/auth'
import { sessionsQuery } from '@/api/queries/sessions'
import { studentsQuery } from '@/api/queries/students'
import { folded } from '@/lib/fold'
import { addDays, dayEnd, dayStart, useFormat } from '@/lib/format'
import { LANG_NAMES } from '@/lib/i18n'
import { useToday } from '@/lib/today'
import { LANGS, THEMES, useUi } from '@/lib/ui-store'
import { mainNav, manageNav } from './nav'

export type PaletteItem = {
  id: string
  text: string
  hint?: string
  icon: LucideIcon
  run: () => void
}
export type PaletteGroup = { name: string; items: PaletteItem[] }

const SHORTEST_NAME = 2
const MOST = 6

function usePages(): PaletteItem[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const pages = [...mainNav(me), ...manageNav(me)].map(({ to, label, icon }) => ({
    id: `page ${to}`,
    text: t(label),
    icon,
    run: () => void navigate({ to }),
  }))
  const account = {
    id: 'page account',
    text: t('account.title'),
    icon: UserCog,
    run: () => void navigate({ to: '/account' }),
  }
  return [...pages, account]
}

function useStudents(words: string): PaletteItem[] {
  const navigate = useNavigate()
  const me = useMe()
  const enabled = may(me, 'people:read') && words.trim().length >= SHORTEST_NAME
  const query = useInfiniteQuery({ ...studentsQuery({ q: words.trim(), limit: MOST }), enabled })
  const found = enabled ? (query.data?.pages[0]?.items ?? []) : []
  return found.map((student) => ({
    id: `student ${student.id}`,
    text: student.name,
    hint: student.group_name ?? student.student_number,
    icon: GraduationCap,
    run: () => void navigate({ to: '/students/$studentId', params: { studentId: student.id } }),
  }))
}

function useSessions(): PaletteItem[] {
  const format = useFormat()
  const navigate = useNavigate()
  const today = useToday()
  const query = useQuery(
    sessionsQuery({ from: dayStart(addDays(today, -1)), to: dayEnd(addDays(today, 1)) }),
  )
  return (query.data?.items ?? []).map((session) => ({
    id: `session ${session.id}`,
    text: session.module_name,
    hint: `${format.day(session.starts_at, session.time_zone)} · ${format.time(session.starts_at, session.time_zone)} · ${format.list(session.group_names)}`,
    icon: CalendarDays,
    run: () => void navigate({ to: '/sessions/$sessionId', params: { sessionId: session.id } }),
  }))
}

function useActions(): PaletteItem[] {
  const { t } = useTranslation()
  const ui = useUi()
  const update = useUpdateMe()
  const logout = useLogout()
  return [
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      text: t('palette.theme', { name: t(`prefs.${theme}`) }),
      icon: SunMoon,
      run: () => ui.setTheme(theme),
    })),
    ...LANGS.map((lang) => ({
      id: `language ${lang}`,
      text: t('palette.language', { name: LANG_NAMES[lang] }),
      icon: Languages,
      run: () => {
        ui.setLang(lang, true)
        update.mutate({ locale: lang })
      },
    })),
    { id: 'logout', text: t('nav.logout'), icon: LogOut, run: () => logout.mutate() },
  ]
}

export function usePaletteGroups(words: string): PaletteGroup[] {
  const { t } = useTranslation()
  const wanted = folded(words.trim())
  const fits = (item: PaletteItem) => folded(`${item.text} ${item.hint ?? ''}`).includes(wanted)
  const pages = usePages().filter(fits)
  const sessions = useSessions().filter(fits).slice(0, MOST)
  const students = useStudents(words)
  const actions = useActions().filter(fits)
  return [
    { name: t('palette.pages'), items: pages },
    { name: t('palette.students'), items: students },
    { name: t('palette.sessions'), items: sessions },
    { name: t('palette.actions'), items: wanted ? actions : [] },
  ].filter((group) => group.items.length > 0)
}
