/* Opens a <dialog> over the page; when it is taken away the focus goes back to where it was. */
import { type RefObject, useLayoutEffect } from 'react'

/* What had the focus may be gone as well: then the page itself has it, and Tab starts there. */
function notNowhere() {
  if (document.activeElement === document.body) {
    document.getElementById('main')?.focus({ preventScroll: true })
  }
}

/* The dialog is closed before it leaves the page: afterwards the browser gives no focus back. */
export function useModal(ref: RefObject<HTMLDialogElement | null>, first?: string) {
  useLayoutEffect(() => {
    const el = ref.current
    if (el && !el.open) {
      el.showModal()
      if (first) el.querySelector<HTMLElement>(first)?.focus()
    }
    return () => {
      el?.close()
      setTimeout(notNowhere)
    }
  }, [ref, first])
}
