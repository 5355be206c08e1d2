/* The pages a person may see, in order. */
import {
  BadgeCheck,
  BellRing,
  BookOpen,
  Building2,
  CalendarDays,
  CalendarOff,
  CalendarRange,
  ChartNoAxesColumn,
  FileText,
  GraduationCap,
  House,
  Inbox,
  KeyRound,
  Layers,
  ListChecks,
  type LucideIcon,
  MessageSquareText,
  Presentation,
  ScanFace,
  ShieldCheck,
  TabletSmartphone,
  TriangleAlert,
  UserRound,
  UsersRound,
} from 'lucide-react'
import { may } from '@/api/queries/auth'
import type { Me } from '@/api/types'

type NavKey =
  | 'nav.home'
  | 'nav.sessions'
  | 'nav.students'
  | 'nav.myAttendance'
  | 'nav.programmes'
  | 'nav.modules'
  | 'nav.groups'
  | 'nav.rooms'
  | 'nav.trainers'
  | 'nav.users'
  | 'nav.liveness'
  | 'nav.faces'
  | 'nav.devices'
  | 'nav.recognition'
  | 'nav.presence'
  | 'nav.privacy'
  | 'nav.registers'
  | 'nav.review'
  | 'nav.papers'
  | 'nav.reports'
  | 'nav.alerts'
  | 'nav.timetable'
  | 'nav.holidays'
  | 'nav.reasons'

export type NavItem = { to: string; label: NavKey; icon: LucideIcon; exact?: boolean }

export function mainNav(me: Me): NavItem[] {
  const items: NavItem[] = [{ to: '/', label: 'nav.home', icon: House, exact: true }]
  if (may(me, 'sessions:read')) {
    items.push({ to: '/sessions', label: 'nav.sessions', icon: CalendarDays })
    items.push({ to: '/timetable', label: 'nav.timetable', icon: CalendarRange })
  }
  if (may(me, 'disputes:decide')) {
    items.push(
      { to: '/registers', label: 'nav.registers', icon: BellRing },
      { to: '/review', label: 'nav.review', icon: Inbox },
    )
  }
  if (may(me, 'people:read')) {
    items.push({ to: '/students', label: 'nav.students', icon: GraduationCap })
  }
  if (may(me, 'justifications:read')) {
    items.push({ to: '/justifications', label: 'nav.papers', icon: FileText })
  }
  if (may(me, 'reports:read')) {
    items.push(
      { to: '/reports', label: 'nav.reports', icon: ChartNoAxesColumn },
      { to: '/alerts', label: 'nav.alerts', icon: TriangleAlert },
    )
  }
  if (me.student_id !== null) {
    items.push({ to: `/students/${me.student_id}`, label: 'nav.myAttendance', icon: UserRound })
  }
  return items
}

export function manageNav(me: Me): NavItem[] {
  const items: NavItem[] = []
  if (may(me, 'structure:manage')) {
    items.push(
      { to: '/manage/programmes', label: 'nav.programmes', icon: Layers },
      { to: '/manage/modules', label: 'nav.modules', icon: BookOpen },
      { to: '/manage/groups', label: 'nav.groups', icon: UsersRound },
      { to: '/manage/rooms', label: 'nav.rooms', icon: Building2 },
      { to: '/manage/trainers', label: 'nav.trainers', icon: Presentation },
    )
  }
  if (may(me, 'series:manage')) {
    items.push({ to: '/holidays', label: 'nav.holidays', icon: CalendarOff })
  }
  if (may(me, 'justifications:decide')) {
    items.push({ to: '/absence-reasons', label: 'nav.reasons', icon: MessageSquareText })
  }
  if (may(me, 'enrolment:manage')) {
    items.push({ to: '/faces', label: 'nav.faces', icon: ScanFace })
  }
  if (may(me, 'privacy:read')) {
    items.push({ to: '/privacy', label: 'nav.privacy', icon: ShieldCheck })
  }
  if (may(me, 'presence:manage')) {
    items.push({ to: '/presence', label: 'nav.presence', icon: ListChecks })
  }
  if (may(me, 'liveness:manage')) {
    items.push({ to: '/liveness', label: 'nav.liveness', icon: ShieldCheck })
  }
  if (may(me, 'recognition:manage')) {
    items.push({ to: '/recognition', label: 'nav.recognition', icon: BadgeCheck })
  }
  if (may(me, 'devices:manage')) {
    items.push({ to: '/devices', label: 'nav.devices', icon: TabletSmartphone })
  }
  if (may(me, 'users:manage')) {
    items.push({ to: '/manage/users', label: 'nav.users', icon: KeyRound })
  }
  return items
}
