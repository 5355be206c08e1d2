import { CircleCheck, CircleX, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Enrolment } from '@/api/types'
import { FlawText } from './hints'
import type { TakenShot } from './shots'

type StripProps = { shots: readonly TakenShot[]; onDrop: (id: number) => void }

export function ShotStrip({ shots, onDrop }: StripProps) {
  const { t } = useTranslation()
  if (shots.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-3">
      {shots.map((shot, i) => (
        <li key={shot.id} className="relative">
          <img
            src={shot.url}
            alt={t('enrol.shot', { n: i + 1 })}
            className="h-24 w-32 rounded-lg border border-line object-cover"
          />
          <button
            type="button"
            aria-label={t('enrol.drop', { n: i + 1 })}
            onClick={() => onDrop(shot.id)}
            className="absolute -end-2 -top-2 grid size-7 place-items-center rounded-full border border-line bg-panel shadow-card hover:bg-bad-soft hover:text-bad"
          >
            <X aria-hidden className="size-4" />
          </button>
        </li>
      ))}
    </ul>
  )
}

export function ShotResults({ result }: { result: Enrolment }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-3">
      <ul className="grid gap-2">
        {result.shots.map((shot) => (
          <li key={shot.index} className="flex items-start gap-2.5 rounded-lg bg-sunk px-4 py-2.5">
            {shot.accepted ? (
              <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-ok" />
            ) : (
              <CircleX aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
            )}
            <div>
              <p className="font-medium">
                {t(shot.accepted ? 'enrol.shotTaken' : 'enrol.shotRefused', { n: shot.index + 1 })}
              </p>
              {shot.flaws.map((flaw) => (
                <p key={flaw.code} className="text-muted text-sm">
                  <FlawText flaw={flaw} />
                </p>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {result.duplicate_of.length > 0 && (
        <p className="flex items-start gap-2.5 rounded-lg bg-warn-soft px-4 py-2.5 text-warn">
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          {t('problem.duplicate-person')}
        </p>
      )}
    </div>
  )
}
