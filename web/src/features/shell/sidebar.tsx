import { Link } from '@tanstack/react-router'
import { LogOut, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLogout, useMe, useUpdateMe } from '@/api/queries/auth'
import { Avatar } from '@/components/avatar'
import { LanguageSelect, ThemeSwitch } from '@/components/preferences'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { mainNav, manageNav, type NavItem } from './nav'

/* A menu that is taller than the screen begins with the open page in sight. */
function inSight(link: HTMLAnchorElement | null) {
  if (link?.dataset.status === 'active') link.scrollIntoView({ block: 'nearest' })
}

function NavLinks({ items, onGo }: { items: readonly NavItem[]; onGo?: (() => void) | undefined }) {
  const { t } = useTranslation()
  return (
    <ul className="grid gap-0.5">
      {items.map(({ to, label, icon: Icon, exact = false }) => (
        <li key={to}>
          <Link
            to={to}
            {...(onGo ? { onClick: onGo } : {})}
            activeOptions={{ exact, includeSearch: false }}
            ref={inSight}
            className="flex scroll-my-8 items-center gap-3 rounded-lg px-3 py-2 text-side-fg transition-colors hover:bg-side-active/60 hover:text-white focus-visible:outline-white data-[status=active]:bg-side-active data-[status=active]:font-medium data-[status=active]:text-white"
          >
            <Icon aria-hidden className="size-[1.125rem] shrink-0" />
            {t(label)}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Person({ onGo }: { onGo?: (() => void) | undefined }) {
  const { t } = useTranslation()
  const me = useMe()
  const logout = useLogout()
  return (
    <div className="flex items-center gap-1">
      <Link
        to="/account"
        {...(onGo ? { onClick: onGo } : {})}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-lg p-2 hover:bg-side-active/60 focus-visible:outline-white"
      >
        <Avatar name={me.name} />
        <span className="min-w-0 leading-tight">
          <span className="block truncate font-medium text-white">{me.name}</span>
          <span className="block truncate text-side-fg text-sm">{t(`role.${me.role}`)}</span>
        </span>
      </Link>
      <button
        type="button"
        aria-label={t('nav.logout')}
        title={t('nav.logout')}
        disabled={logout.isPending}
        onClick={() =>
          logout.mutate(undefined, {
            onError: (error) => toast(problemText(t, error), { tone: 'bad' }),
          })
        }
        className="grid size-10 shrink-0 place-items-center rounded-lg text-side-fg hover:bg-side-active hover:text-white focus-visible:outline-white"
      >
        <LogOut aria-hidden className="flip-rtl size-[1.125rem]" />
      </button>
    </div>
  )
}

type SidebarProps = { onGo?: () => void; onSearch?: () => void }

export function Sidebar({ onGo, onSearch }: SidebarProps) {
  const { t } = useTranslation()
  const me = useMe()
  const update = useUpdateMe()
  const manage = manageNav(me)
  return (
    <div className="flex h-full flex-col gap-4 bg-side p-4 text-side-fg">
      <Link
        to="/"
        {...(onGo ? { onClick: onGo } : {})}
        className="flex items-center gap-3 rounded-lg px-2 py-1 focus-visible:outline-white"
      >
        <img src="/favicon.svg" alt="" className="size-8" />
        <span className="font-semibold text-lg text-white">{t('app.name')}</span>
      </Link>
      {onSearch && (
        <button
          type="button"
          onClick={onSearch}
          className="flex h-10 items-center gap-2.5 rounded-lg border border-side-line px-3 text-start transition-colors hover:bg-side-active/60 hover:text-white focus-visible:outline-white"
        >
          <Search aria-hidden className="size-4 shrink-0" />
          <span className="flex-1 truncate">{t('palette.open')}</span>
          <kbd dir="ltr" className="font-sans text-xs opacity-80">
            {t('palette.keys')}
          </kbd>
        </button>
      )}
      <nav
        aria-label={t('nav.label')}
        className="relative -mx-2 grid min-h-0 flex-1 content-start gap-6 overflow-y-auto px-2 pt-1 pb-8 [mask-image:linear-gradient(#000_calc(100%-2rem),transparent)]"
      >
        <NavLinks items={mainNav(me)} onGo={onGo} />
        {manage.length > 0 && (
          <div>
            <p className="mb-1 px-3 font-medium text-side-fg/80 text-xs uppercase tracking-wide">
              {t('nav.manage')}
            </p>
            <NavLinks items={manage} onGo={onGo} />
          </div>
        )}
      </nav>
      <div className="grid gap-3 border-side-line border-t pt-3">
        <div className="flex gap-2">
          <LanguageSelect
            className="min-w-0 flex-1"
            onPick={(locale) => update.mutate({ locale })}
          />
          <ThemeSwitch />
        </div>
        <Person onGo={onGo} />
      </div>
    </div>
  )
}
