/*
 * One language is loaded at a time, and of it the parts that the page needs: `door` before signing
 * in, `inside` behind it, the others with their routes. Keys are flat and unique over all parts, so
 * a missing one is a type error.
 */
import i18n, { type ParseKeys } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type checkin from '@/locales/checkin/en.json'
import type devices from '@/locales/devices/en.json'
import type door from '@/locales/door/en.json'
import type faces from '@/locales/faces/en.json'
import type figures from '@/locales/figures/en.json'
import type forget from '@/locales/forget/en.json'
import type history from '@/locales/history/en.json'
import type holidays from '@/locales/holidays/en.json'
import type inside from '@/locales/inside/en.json'
import type kiosk from '@/locales/kiosk/en.json'
import type list from '@/locales/list/en.json'
import type papers from '@/locales/papers/en.json'
import type people from '@/locales/people/en.json'
import type presence from '@/locales/presence/en.json'
import type privacy from '@/locales/privacy/en.json'
import type reasons from '@/locales/reasons/en.json'
import type registers from '@/locales/registers/en.json'
import type series from '@/locales/series/en.json'
import type timetable from '@/locales/timetable/en.json'
import { type Lang, useUi } from './ui-store'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    keySeparator: false
    nsSeparator: false
    resources: {
      translation: typeof checkin &
        typeof devices &
        typeof door &
        typeof inside &
        typeof figures &
        typeof faces &
        typeof forget &
        typeof history &
        typeof holidays &
        typeof kiosk &
        typeof list &
        typeof papers &
        typeof people &
        typeof presence &
        typeof privacy &
        typeof series &
        typeof timetable &
        typeof reasons &
        typeof registers
    }
  }
}

/* Every key that t() takes. */
export type TextKey = ParseKeys

export type Part =
  | 'checkin'
  | 'devices'
  | 'door'
  | 'inside'
  | 'faces'
  | 'figures'
  | 'forget'
  | 'history'
  | 'holidays'
  | 'kiosk'
  | 'list'
  | 'papers'
  | 'people'
  | 'presence'
  | 'privacy'
  | 'reasons'
  | 'registers'
  | 'series'
  | 'timetable'

const files = import.meta.glob<{ default: Record<string, string> }>('../locales/*/*.json')
const wanted = new Set<Part>(['door'])
const loaded = new Set<string>()
/* Texts may come before there is anything to put them into. */
let markReady: () => void
const ready = new Promise<void>((resolve) => {
  markReady = resolve
})

export const LANG_NAMES: Record<Lang, string> = { en: 'English', fr: 'Français', ar: 'العربية' }

export const dirOf = (lang: Lang) => (lang === 'ar' ? 'rtl' : 'ltr')

async function load(lang: Lang, part: Part) {
  const file = `../locales/${part}/${lang}.json`
  if (loaded.has(file)) return
  const texts = await files[file]?.()
  if (!texts) throw new Error(`no texts ${file}`)
  await ready
  i18n.addResourceBundle(lang, 'translation', texts.default, true, true)
  loaded.add(file)
}

/* Loads parts in the language in use, and from now on with every change of language. */
export async function loadTexts(...parts: Part[]) {
  for (const part of parts) wanted.add(part)
  await Promise.all(parts.map((part) => load(useUi.getState().lang, part)))
}

export async function setLanguage(lang: Lang) {
  await Promise.all([...wanted].map((part) => load(lang, part)))
  await i18n.changeLanguage(lang)
  document.documentElement.lang = lang
  document.documentElement.dir = dirOf(lang)
}

export async function initI18n() {
  const lang = useUi.getState().lang
  await i18n.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    resources: {},
    keySeparator: false,
    nsSeparator: false,
    showSupportNotice: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  } as Parameters<typeof i18n.init>[0])
  markReady()
  await setLanguage(lang)
}
