import { CircleCheck, CircleHelp, ScanSearch } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Decision, SeenFace } from '@/api/types'
import { StatusChip } from '@/components/status'
import { useUi } from '@/lib/ui-store'
import { FaceFigures } from './evidence'
import { whyOf } from './seen-face'

function Item({ outcome, face }: { outcome: Decision; face: SeenFace }) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const match = outcome.decision === 'match'
  const Icon = match ? CircleCheck : outcome.decision === 'low_quality' ? ScanSearch : CircleHelp
  return (
    <li className="flex items-start gap-3 py-2.5">
      <Icon aria-hidden className={match ? 'mt-0.5 size-5 text-ok' : 'mt-0.5 size-5 text-muted'} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          <bdi>{outcome.student_name ?? t(`decision.${outcome.decision}`)}</bdi>
        </p>
        <p className="text-muted text-sm">
          {match ? (
            <FaceFigures
              similarity={outcome.similarity}
              margin={outcome.margin}
              threshold={outcome.threshold}
            />
          ) : (
            whyOf(outcome, lang)
          )}
        </p>
      </div>
      {face.record && <StatusChip status={face.record.status} />}
    </li>
  )
}

export function FaceList({ faces, title }: { faces: readonly SeenFace[]; title: string }) {
  return (
    <section>
      <h3 className="font-medium text-sm">{title}</h3>
      <ul aria-live="polite" className="divide-y divide-line">
        {faces.map(
          (face) =>
            face.outcome && (
              <Item
                key={`${face.outcome.student_id} ${face.box.x} ${face.box.y}`}
                outcome={face.outcome}
                face={face}
              />
            ),
        )}
      </ul>
    </section>
  )
}
