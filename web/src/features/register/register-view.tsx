/* The live register: counts, table, capture. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { History, Keyboard, Printer } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { countsOf } from '@/api/live'
import { useMay, useMe } from '@/api/queries/auth'
import { statusCodesQuery } from '@/api/queries/registers'
import type { AttendanceRecord, Register } from '@/api/types'
import { Bar, Legend } from '@/components/counts-bar'
import { Button, buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { cn } from '@/lib/cn'
import { CapturePanel } from './capture-panel'
import { useFresh } from './fresh'
import { HistoryDialog } from './history-dialog'
import { ImportButton } from './import-button'
import { type RollKey, useRollKeys } from './keyboard'
import { KeysDialog } from './keys-dialog'
import { MarkRest } from './mark-rest'
import { useMarks } from './marks'
import { NotLive } from './not-live'
import { inOrder, OrderButton } from './order'
import { RegisterTable } from './register-table'
import { stepFrom } from './roll'

const route = getRouteApi('/shell/sessions/$sessionId')

export function RegisterView({ register }: { register: Register }) {
  const { t } = useTranslation()
  const { session, records } = register
  const { status, order } = route.useSearch()
  const navigate = route.useNavigate()
  const me = useMe()
  const mayMark = useMay('attendance:mark')
  const mayRun = useMay('sessions:run')
  const [current, setCurrent] = useState<number>()
  const [history, setHistory] = useState<AttendanceRecord>()
  const [help, setHelp] = useState(false)
  const marks = useMarks(session.id)
  const fresh = useFresh(records)
  const codes = useQuery(statusCodesQuery)
  const counts = useMemo(() => countsOf(records), [records])
  const rows = useMemo(
    () => inOrder(status ? records.filter((r) => r.status === status) : records, order),
    [records, status, order],
  )
  const open = session.state === 'open'
  const markable = mayMark && (open || session.state === 'closed')
  const { mark, undo, undoLast } = marks

  const onKey = useCallback(
    (key: RollKey) => {
      if (key.kind === 'help') setHelp(true)
      else if (key.kind === 'move') setCurrent(stepFrom(rows, current, key.by)?.student_id)
      else if (!markable) return
      else if (key.kind === 'undo') setCurrent(undoLast(current))
      else {
        const record = rows.find((r) => r.student_id === current)
        if (!record) return
        mark(record, key.status)
        setCurrent(stepFrom(rows, current, 1)?.student_id)
      }
    },
    [rows, current, markable, mark, undoLast],
  )
  useRollKeys(onKey, !help && !history)

  const shown = history && records.find((r) => r.student_id === history.student_id)
  return (
    <div
      className={cn(
        'grid items-start gap-5 print:block',
        mayMark && open && 'xl:grid-cols-[minmax(0,1fr)_23rem]',
      )}
    >
      <div className="grid min-w-0 gap-4">
        <Card className="grid gap-3 p-4">
          <Bar counts={counts} />
          <div className="flex flex-wrap items-center gap-2">
            <Legend
              counts={counts}
              picked={status}
              onPick={(picked) =>
                void navigate({ search: (old) => ({ ...old, status: picked }), replace: true })
              }
            />
            <div className="no-print ms-auto flex flex-wrap gap-1">
              {markable && <ImportButton sessionId={session.id} records={records} />}
              {markable && <MarkRest sessionId={session.id} records={records} />}
              <OrderButton
                order={order}
                onOrder={(next) =>
                  void navigate({ search: (old) => ({ ...old, order: next }), replace: true })
                }
              />
              {mayMark && (
                <Button
                  variant="ghost"
                  size="sm"
                  title={t('keys.title')}
                  onClick={() => setHelp(true)}
                >
                  <Keyboard aria-hidden className="size-4" />
                  <span className="xl:max-2xl:sr-only">{t('keys.button')}</span>
                </Button>
              )}
              {mayRun && (
                <Link
                  to="/sessions/$sessionId/history"
                  params={{ sessionId: session.id }}
                  title={t('register.history')}
                  className={buttonClass('ghost', 'sm')}
                >
                  <History aria-hidden className="size-4" />
                  <span className="xl:max-2xl:sr-only">{t('register.history')}</span>
                </Link>
              )}
              <Button variant="ghost" size="sm" title={t('common.print')} onClick={() => print()}>
                <Printer aria-hidden className="size-4" />
                <span className="xl:max-2xl:sr-only">{t('common.print')}</span>
              </Button>
            </div>
          </div>
        </Card>
        <NotLive session={session} />
        <RegisterTable
          records={rows}
          codes={codes.data?.items}
          zone={session.time_zone}
          current={current}
          fresh={fresh}
          onPick={setCurrent}
          onHistory={setHistory}
          onMark={markable ? mark : undefined}
        />
      </div>
      {mayMark && open && (
        <aside className="no-print grid gap-4 max-xl:-order-1 xl:sticky xl:top-6">
          {me.face_recognition === 'off' ? (
            <Card className="text-muted text-sm">{t('problem.biometrics-off')}</Card>
          ) : (
            <CapturePanel sessionId={session.id} />
          )}
        </aside>
      )}
      {shown && (
        <HistoryDialog
          record={shown}
          zone={session.time_zone}
          onClose={() => setHistory(undefined)}
          onUndo={markable ? () => undo(shown.student_id) : undefined}
        />
      )}
      {help && <KeysDialog onClose={() => setHelp(false)} />}
    </div>
  )
}
