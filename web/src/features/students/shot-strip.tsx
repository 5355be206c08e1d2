import { CircleCheck, CircleX, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { Enrolment, Flaw } from '@/api/types'
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
          {shot.pose && (
            <span className="mt-1 block text-center text-muted text-sm">
              {t(`pose.${shot.pose}`)}
            </span>
          )}
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

type Result = {
  index: number
  accepted: boolean
  flaws: readonly Pick<Flaw, 'code' | 'measured' | 'limit'>[]
}

/* When no picture was good enough, the server tells each one's flaws as wrong fields, in words only. */
export function refusedShots(error: unknown): readonly Result[] {
  if (!(error instanceof ApiProblem)) return []
  const shots = new Map<number, Result>()
  for (const { field, code, detail = '' } of error.fields) {
    const index = /^\/photos\/(\d+)$/.exec(field)?.[1]
    if (index === undefined) continue
    const figures = detail.match(/\d+(\.\d+)?/g)?.map(Number) ?? []
    const flaw = { code, measured: figures[0] ?? 0, limit: figures.at(-1) ?? 0 }
    const flaws = [...(shots.get(Number(index))?.flaws ?? []), flaw]
    shots.set(Number(index), { index: Number(index), accepted: false, flaws })
  }
  return [...shots.values()]
}

function Shot({ shot }: { shot: Result }) {
  const { t } = useTranslation()
  return (
    <li className="flex items-start gap-2.5 rounded-lg bg-sunk px-4 py-2.5">
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
  )
}

export function ShotResults({ result, error }: { result: Enrolment | undefined; error: unknown }) {
  const { t } = useTranslation()
  const shots = result?.shots ?? refusedShots(error)
  if (shots.length === 0) return null
  return (
    <div className="grid gap-3">
      <ul className="grid gap-2">
        {shots.map((shot) => (
          <Shot key={shot.index} shot={shot} />
        ))}
      </ul>
      {!!result?.duplicate_of.length && (
        <p className="flex items-start gap-2.5 rounded-lg bg-warn-soft px-4 py-2.5 text-warn">
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          {t('problem.duplicate-person')}
        </p>
      )}
    </div>
  )
}
