/* What belongs to this browser and not to the account: theme, and the language until somebody logs in. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export const LANGS = ['en', 'fr', 'ar'] as const
export type Lang = (typeof LANGS)[number]
export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]

type UiState = {
  lang: Lang
  /* Picked by hand in this browser: then the account follows it instead of leading. */
  langPicked: boolean
  theme: Theme
  setLang: (lang: Lang, picked: boolean) => void
  setTheme: (theme: Theme) => void
}

const isLang = (v: string): v is Lang => (LANGS as readonly string[]).includes(v)

function browserLang(): Lang {
  const wanted = (globalThis.navigator?.language ?? 'en').slice(0, 2)
  return isLang(wanted) ? wanted : 'en'
}

export const useUi = create<UiState>()(
  persist(
    (set) => ({
      lang: browserLang(),
      langPicked: false,
      theme: 'system',
      setLang: (lang, picked) => set({ lang, langPicked: picked }),
      setTheme: (theme) => set({ theme }),
    }),
    { name: 'sp-ui' },
  ),
)

export function applyTheme(theme: Theme) {
  const dark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
}
