/* One language is loaded at a time; keys are flat, so a missing one is a type error. */
import i18n, { type ParseKeys } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type en from '@/locales/en.json'
import { type Lang, useUi } from './ui-store'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    keySeparator: false
    nsSeparator: false
    resources: { translation: typeof en }
  }
}

/* Every key that t() takes. */
export type TextKey = ParseKeys

const load: Record<Lang, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import('../locales/en.json'),
  fr: () => import('../locales/fr.json'),
  ar: () => import('../locales/ar.json'),
}

export const LANG_NAMES: Record<Lang, string> = { en: 'English', fr: 'Français', ar: 'العربية' }

export const dirOf = (lang: Lang) => (lang === 'ar' ? 'rtl' : 'ltr')

export async function setLanguage(lang: Lang) {
  if (!i18n.hasResourceBundle(lang, 'translation')) {
    i18n.addResourceBundle(lang, 'translation', (await load[lang]()).default)
  }
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
  await setLanguage(lang)
}
