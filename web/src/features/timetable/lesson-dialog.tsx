/* One lesson: what is known of it, and for who plans: change it, cancel it, let somebody stand in. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import type { Session } from '@/api/types'
import { StateChip } from '@/components/status'
import { Button, buttonClass } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { useFormat } from '@/lib/format'
import { CancelForm } from './cancel-form'
import { EditForm } from './edit-form'
import { LessonMarks, LessonTime } from './lesson'
import { SubstituteForm } from './substitute-form'

type Props = { session: Session; zone: string; onClose: () => void }
type Doing = 'look' | 'edit' | 'cancel' | 'substitute'

function Facts({ session, zone }: { session: Session; zone: string }) {
  const { t } = useTranslation()
  const readsSeries = useMay('series:read')
  const format = useFormat()
  const rows: [string, string | null][] = [
    [t('session.group'), format.list(session.group_names)],
    [t('session.trainer'), session.trainer_name],
    [t('timetable.plannedTrainer'), session.planned_trainer_name],
    [t('session.room'), session.room_name],
    [t('session.kind'), t(`kind.${session.kind}`)],
    [t('session.mode'), t(`mode.${session.mode}`)],
    [t('timetable.why'), session.cancel_reason],
  ]
  return (
    <div className="grid gap-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{format.longDay(session.starts_at, zone)}</span>
        <LessonTime session={session} zone={zone} />
        <span className="text-muted text-sm">{zone}</span>
        <StateChip state={session.state} />
        {session.state !== 'cancelled' && <LessonMarks session={session} />}
      </p>
      {session.series_id !== null && (
        <p className="flex flex-wrap gap-x-3 text-muted text-sm">
          {t(session.detached ? 'timetable.detached' : 'timetable.ofSeries')}
          {readsSeries && (
            <Link
              to="/series/$seriesId"
              params={{ seriesId: session.series_id }}
              className="text-accent underline underline-offset-4"
            >
              {t('timetable.toSeries')}
            </Link>
          )}
        </p>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {rows.map(([name, value]) =>
          value ? (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ) : null,
        )}
      </dl>
    </div>
  )
}

function Actions({ session, act }: { session: Session; act: (d: Doing) => void }) {
  const { t } = useTranslation()
  const manages = useMay('sessions:manage')
  const runs = useMay('sessions:run')
  const alive = session.state === 'scheduled' || session.state === 'open'
  return (
    <DialogFoot>
      {manages && alive && (
        <>
          <Button variant="danger" onClick={() => act('cancel')}>
            {t('timetable.cancel')}
          </Button>
          <Button onClick={() => act('substitute')}>{t('timetable.substituteAct')}</Button>
        </>
      )}
      {manages && session.state === 'scheduled' && (
        <Button onClick={() => act('edit')}>{t('timetable.edit')}</Button>
      )}
      {runs && (
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: session.id }}
          className={buttonClass('primary')}
        >
          {t('timetable.register')}
        </Link>
      )}
    </DialogFoot>
  )
}

export default function LessonDialog({ session, zone, onClose }: Props) {
  const [doing, setDoing] = useState<Doing>('look')
  const props = { session, zone, onClose, onBack: () => setDoing('look') }
  return (
    <Dialog title={session.module_name} onClose={onClose} wide>
      {doing === 'look' && (
        <>
          <Facts session={session} zone={zone} />
          <Actions session={session} act={setDoing} />
        </>
      )}
      {doing === 'edit' && <EditForm {...props} />}
      {doing === 'cancel' && <CancelForm {...props} />}
      {doing === 'substitute' && <SubstituteForm {...props} />}
    </Dialog>
  )
}

export type FormProps = Props & { onBack: () => void }
