/* Language and theme, in the shell and on the login page. */
import { Languages, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { LANG_NAMES } from '@/lib/i18n'
import { LANGS, type Lang, THEMES, useUi } from '@/lib/ui-store'

const ICONS = { light: Sun, dark: Moon, system: Monitor } as const

export function LanguageSelect({
  onPick,
  className,
}: {
  onPick?: (lang: Lang) => void
  className?: string
}) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const setLang = useUi((s) => s.setLang)
  return (
    <div className={cn('relative', className)}>
      <Languages
        aria-hidden
        className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 opacity-70"
      />
      <select
        aria-label={t('prefs.language')}
        value={lang}
        onChange={(e) => {
          const picked = e.target.value as Lang
          setLang(picked, true)
          onPick?.(picked)
        }}
        className="h-9 w-full rounded-lg border border-current/25 bg-transparent ps-8 pe-2 text-inherit text-sm"
      >
        {LANGS.map((l) => (
          <option key={l} value={l} lang={l} className="bg-panel text-fg">
            {LANG_NAMES[l]}
          </option>
        ))}
      </select>
    </div>
  )
}

export function ThemeSwitch() {
  const { t } = useTranslation()
  const theme = useUi((s) => s.theme)
  const setTheme = useUi((s) => s.setTheme)
  return (
    <div
      role="radiogroup"
      aria-label={t('prefs.theme')}
      className="inline-flex h-9 items-center rounded-lg border border-current/25 p-0.5"
    >
      {THEMES.map((name) => {
        const Icon = ICONS[name]
        return (
          <label
            key={name}
            title={t(`prefs.${name}`)}
            className="grid h-full w-8 cursor-pointer place-items-center rounded-md opacity-75 has-checked:bg-current/15 has-checked:opacity-100 has-focus-visible:outline-2"
          >
            <input
              type="radio"
              name="theme"
              value={name}
              checked={theme === name}
              onChange={() => setTheme(name)}
              aria-label={t(`prefs.${name}`)}
              className="sr-only"
            />
            <Icon aria-hidden className="size-4" />
          </label>
        )
      })}
    </div>
  )
}
