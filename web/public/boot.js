// Sets language, direction and theme before the first paint. An own file, so that the CSP needs no hash.
;(() => {
  try {
    const prefs = JSON.parse(localStorage.getItem('sp-ui') || '{}').state || {}
    const root = document.documentElement
    const wanted = prefs.lang || (navigator.language || 'en').slice(0, 2)
    root.lang = ['en', 'fr', 'ar'].includes(wanted) ? wanted : 'en'
    root.dir = root.lang === 'ar' ? 'rtl' : 'ltr'
    const dark = matchMedia('(prefers-color-scheme: dark)').matches
    root.classList.toggle('dark', prefs.theme === 'dark' || (prefs.theme !== 'light' && dark))
  } catch {
    // Storage may be forbidden: the defaults of the page stay.
  }
})()
