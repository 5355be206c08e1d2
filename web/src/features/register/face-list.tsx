import { CircleCheck, CircleHelp, ScanSearch } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SeenFace } from '@/api/types'
import { StatusChip } from '@/components/status'
import type { TextKey } from '@/lib/i18n'
import { FaceFigures } from './evidence'

function Flaws({ flaws }: { flaws: readonly string[] }) {
  const { t, i18n } = useTranslation()
  const words = flaws.filter((f) => i18n.exists(`flaw.${f}.short`))
  return words.length > 0 && words.map((f) => t(`flaw.${f}.short` as TextKey)).join(', ')
}

function Item({ face }: { face: SeenFace }) {
  const { t } = useTranslation()
  const match = face.decision === 'match'
  const Icon = match ? CircleCheck : face.decision === 'low_quality' ? ScanSearch : CircleHelp
  return (
    <li className="flex items-start gap-3 py-2.5">
      <Icon aria-hidden className={match ? 'mt-0.5 size-5 text-ok' : 'mt-0.5 size-5 text-muted'} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          <bdi>{face.student_name ?? t(`decision.${face.decision}`)}</bdi>
        </p>
        <p className="text-muted text-sm">
          {face.decision === 'low_quality' ? (
            <Flaws flaws={face.flaws} />
          ) : (
            <FaceFigures
              similarity={face.similarity}
              margin={face.margin}
              threshold={face.threshold}
            />
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
        {faces.map((face) => (
          <Item key={`${face.student_id} ${face.box.x} ${face.box.y}`} face={face} />
        ))}
      </ul>
    </section>
  )
}
