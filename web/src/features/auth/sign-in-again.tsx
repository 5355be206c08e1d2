/*
 * Over the page of somebody whose login has ended: nothing of it can be seen, and nothing that was
 * written in it is lost. Somebody else who signs in here begins anew.
 */
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { startEvents } from '@/api/realtime'
import type { Me } from '@/api/types'
import { useModal } from '@/components/ui/modal'
import { useSignedOut } from '@/lib/signed-out'
import { LoginForm } from './login-page'

export default function SignInAgain({ was }: { was: Me }) {
  const { t } = useTranslation()
  const ref = useRef<HTMLDialogElement>(null)
  useModal(ref, '#password')
  const enter = (me: Me) => {
    if (me.id !== was.id) {
      location.assign('/')
      return
    }
    startEvents()
    useSignedOut.setState({ was: undefined })
  }
  return (
    <dialog
      ref={ref}
      aria-labelledby="sign-in-again"
      onCancel={(e) => e.preventDefault()}
      /* A browser may close it all the same. */
      onClose={() => ref.current?.isConnected && ref.current.showModal()}
      className="m-0 h-dvh max-h-none w-screen max-w-none overflow-auto bg-bg p-6 text-fg"
    >
      <div className="mx-auto grid min-h-full w-full max-w-sm content-center py-10">
        <h2 id="sign-in-again" className="font-semibold text-3xl tracking-tight">
          {t('login.again')}
        </h2>
        <p className="mt-1 mb-8 text-muted">{t('login.againHint')}</p>
        <LoginForm was={was} onIn={enter} />
      </div>
    </dialog>
  )
}
