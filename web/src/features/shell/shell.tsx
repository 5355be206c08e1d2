import { Outlet, useLocation } from '@tanstack/react-router'
import { Menu, Search, X } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useModal } from '@/components/ui/modal'
import { LineBanner } from './line-banner'
import { Sidebar } from './sidebar'

const Palette = lazy(() => import('./palette'))

/* Ctrl+K, or Cmd+K, opens and closes the palette everywhere. */
function usePaletteKey(toggle: () => void) {
  const run = useRef(toggle)
  run.current = toggle
  useEffect(() => {
    const hear = (e: KeyboardEvent) => {
      if (!(e.ctrlKey || e.metaKey) || e.altKey || e.key.toLowerCase() !== 'k') return
      e.preventDefault()
      run.current()
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [])
}

function Drawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const ref = useRef<HTMLDialogElement>(null)
  useModal(ref)
  return (
    <dialog
      ref={ref}
      aria-label={t('nav.label')}
      onCancel={onClose}
      className="m-0 me-auto h-dvh max-h-none w-72 max-w-[85vw] bg-side p-0"
    >
      <Sidebar onGo={onClose} />
      <button
        type="button"
        aria-label={t('common.close')}
        onClick={onClose}
        className="absolute end-3 top-4 grid size-9 place-items-center rounded-lg text-side-fg hover:bg-side-active"
      >
        <X aria-hidden className="size-5" />
      </button>
    </dialog>
  )
}

export function Shell() {
  const { t } = useTranslation()
  const [menu, setMenu] = useState(false)
  const [searching, setSearching] = useState(false)
  const { pathname } = useLocation()
  usePaletteKey(() => setSearching((on) => !on))
  const main = useRef<HTMLElement>(null)
  const seen = useRef(pathname)
  useEffect(() => {
    if (seen.current === pathname) return
    seen.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[16.5rem_minmax(0,1fr)] print:block">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50 focus:rounded-lg focus:bg-panel focus:px-4 focus:py-2 focus:shadow-float"
      >
        {t('nav.skip')}
      </a>
      <aside aria-label={t('app.name')} className="no-print hidden bg-side lg:block">
        <div className="sticky top-0 h-dvh">
          <Sidebar onSearch={() => setSearching(true)} />
        </div>
      </aside>
      <div className="flex min-h-dvh min-w-0 flex-col">
        <header className="no-print sticky top-0 z-30 flex h-14 items-center gap-3 bg-side px-3 text-white lg:hidden">
          <button
            type="button"
            aria-label={t('nav.open')}
            aria-expanded={menu}
            onClick={() => setMenu(true)}
            className="grid size-10 place-items-center rounded-lg hover:bg-side-active focus-visible:outline-white"
          >
            <Menu aria-hidden className="size-5" />
          </button>
          <img src="/favicon.svg" alt="" className="size-7" />
          <span className="me-auto font-semibold">{t('app.name')}</span>
          <button
            type="button"
            aria-label={t('palette.open')}
            onClick={() => setSearching(true)}
            className="grid size-10 place-items-center rounded-lg hover:bg-side-active focus-visible:outline-white"
          >
            <Search aria-hidden className="size-5" />
          </button>
        </header>
        <LineBanner />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="mx-auto w-full min-w-0 max-w-[90rem] flex-1 p-4 outline-none sm:p-6 lg:p-8"
        >
          <Outlet />
        </main>
      </div>
      {searching && (
        <Suspense fallback={null}>
          <Palette onClose={() => setSearching(false)} />
        </Suspense>
      )}
      {menu && <Drawer onClose={() => setMenu(false)} />}
    </div>
  )
}
