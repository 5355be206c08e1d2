/* English texts for components under test; storage and cookies are empty for each test. */
import { cleanup, configure } from '@testing-library/react'
import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import { afterEach } from 'vitest'
import { locale } from './locale'

await i18n.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: false,
  resources: { en: { translation: locale('en') } },
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
})

configure({ asyncUtilTimeout: 30_000 })

/* The test browser names Web Locks but has none. */
Object.defineProperty(navigator, 'locks', {
  value: { request: (_name: string, run: () => unknown) => Promise.resolve(run()) },
})

afterEach(() => {
  cleanup()
  localStorage.clear()
})
