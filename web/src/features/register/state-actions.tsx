/* The buttons that move a session from one state to the next. */
import { Ban, Lock, LockOpen, Play, RotateCcw, SquareCheckBig } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type SessionAction, useSessionAction } from '@/api/queries/sessions'
import type { Session, SessionState } from '@/api/types'
import { ReasonDialog } from '@/components/reason-dialog'
import { Button, type ButtonVariant } from '@/components/ui/button'
import { problemText } from '@/lib/problem-text'
import { toast } from '@/lib/toast'

type Step = { action: SessionAction; variant: ButtonVariant }

const STEPS: Record<SessionState, readonly Step[]> = {
  scheduled: [
    { action: 'cancel', variant: 'ghost' },
    { action: 'open', variant: 'primary' },
  ],
  open: [{ action: 'close', variant: 'primary' }],
  closed: [
    { action: 'reopen', variant: 'outline' },
    { action: 'confirm', variant: 'primary' },
  ],
  confirmed: [{ action: 'reopen', variant: 'outline' }],
  cancelled: [],
}

const ICONS = { open: Play, close: SquareCheckBig, confirm: Lock, reopen: LockOpen, cancel: Ban }

const ASKS_WHY: ReadonlySet<SessionAction> = new Set(['reopen', 'cancel'])

export function StateActions({ session }: { session: Session }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<'reopen' | 'cancel'>()
  const act = useSessionAction(session.id)
  const run = (action: SessionAction, reason?: string) =>
    act.mutate(reason === undefined ? { action } : { action, reason }, {
      onSuccess: () => {
        setAsking(undefined)
        toast(t(`action.${action}.done`), { tone: 'ok' })
      },
      onError: (error) => {
        if (!ASKS_WHY.has(action)) toast(problemText(t, error), { tone: 'bad' })
      },
    })
  return (
    <>
      {STEPS[session.state].map(({ action, variant }) => {
        const Icon = action === 'reopen' && session.state === 'closed' ? RotateCcw : ICONS[action]
        return (
          <Button
            key={action}
            variant={variant}
            busy={act.isPending && act.variables?.action === action}
            onClick={() => {
              if (action === 'reopen' || action === 'cancel') setAsking(action)
              else run(action)
            }}
          >
            <Icon aria-hidden className="size-4" />
            {t(`action.${action}`)}
          </Button>
        )
      })}
      {asking && (
        <ReasonDialog
          title={t(`action.${asking}.title`)}
          hint={t(`action.${asking}.hint`)}
          submit={t(`action.${asking}`)}
          busy={act.isPending}
          error={act.error}
          onClose={() => {
            setAsking(undefined)
            act.reset()
          }}
          onSubmit={(reason) => run(asking, reason)}
        />
      )}
    </>
  )
}
