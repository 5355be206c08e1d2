/* A face that the trainer names: one of the candidates, somebody else, or nobody. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhotoPerson, PhotoStudent } from '@/api/queries/class-photo'
import { Select } from '@/components/ui/field'
import { useFormat } from '@/lib/format'
import type { TextKey } from '@/lib/i18n'
import { faceOf } from './choices'
import { Crop } from './crop'

type Props = {
  person: PhotoPerson
  number: number
  chosen: number | undefined
  free: readonly PhotoStudent[]
  onName: (student: number | undefined) => void
}

export function WhoIsIt({ person, number, chosen, free, onName }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const id = useId()
  const { candidates, reasons } = person
  const open = candidates.filter(({ student }) => free.some((s) => s.id === student.id))
  const others = free.filter((s) => !candidates.some((c) => c.student.id === s.id))
  const other = others.find((s) => s.id === chosen)
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-3 rounded-lg border border-line p-3">
      <legend className="sr-only">{t('classphoto.face', { number })}</legend>
      <Crop face={person.faces[0]} />
      <div className="grid min-w-0 flex-1 gap-2">
        {reasons.length > 0 && (
          <p className="text-muted text-sm">
            {format.list(reasons.map((r) => t(`classphoto.reason.${r}` as TextKey)))}
          </p>
        )}
        {open.map(({ student, similarity }) => (
          <label key={student.id} className="flex items-center gap-2">
            <input
              type="radio"
              name={id}
              checked={chosen === student.id}
              onChange={() => onName(student.id)}
              className="size-4 shrink-0 accent-(--accent)"
            />
            <bdi className="min-w-0 truncate">{student.name}</bdi>
            <span className="ms-auto text-muted text-sm">
              {format.number(Math.round(similarity * 100) / 100)}
            </span>
          </label>
        ))}
        <label className="flex items-center gap-2">
          <input
            type="radio"
            name={id}
            checked={chosen === undefined}
            onChange={() => onName(undefined)}
            className="size-4 shrink-0 accent-(--accent)"
          />
          {t('classphoto.nobody')}
        </label>
        <Select
          aria-label={t('classphoto.other', { number })}
          value={other?.id ?? ''}
          onChange={(e) => onName(e.target.value ? Number(e.target.value) : undefined)}
          data-face={faceOf(person)}
        >
          <option value="">{t('classphoto.somebody')}</option>
          {others.map((s) => (
            <option key={s.id} value={s.id}>
              {s.name}
            </option>
          ))}
        </Select>
      </div>
    </fieldset>
  )
}
