import { useTranslation } from 'react-i18next'
import type { PhotoPerson } from '@/api/queries/class-photo'
import { Card, CardHead } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { useUi } from '@/lib/ui-store'
import type { Choices } from './choices'
import { Crop } from './crop'

type Props = {
  people: readonly PhotoPerson[]
  choices: Choices
  onToggle: (student: number) => void
}

export function SureList({ people, choices, onToggle }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const lang = useUi((s) => s.lang)
  if (!people.length) return null
  return (
    <Card aria-labelledby="class-photo-sure">
      <CardHead
        id="class-photo-sure"
        title={t('classphoto.sure', { count: people.length })}
        hint={t('classphoto.sure.hint')}
      />
      <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
        {people.map(
          ({ student, faces, outcome }) =>
            student && (
              <li key={student.id}>
                <label className="flex cursor-pointer items-center gap-3 rounded-lg border border-line p-2 has-checked:border-accent has-checked:bg-soft">
                  <Crop face={faces[0]} />
                  <span className="min-w-0 flex-1">
                    <bdi className="block truncate font-medium">{student.name}</bdi>
                    <span className="block text-muted text-sm" title={outcome.why[lang]}>
                      {t('classphoto.similarity', {
                        value: format.number(Math.round((outcome.similarity ?? 0) * 100) / 100),
                      })}
                    </span>
                    {student.status !== 'unmarked' && (
                      <span className="block text-muted text-sm">
                        {t('classphoto.already', { status: t(`status.${student.status}`) })}
                      </span>
                    )}
                  </span>
                  <input
                    type="checkbox"
                    checked={choices.present.has(student.id)}
                    onChange={() => onToggle(student.id)}
                    className="size-5 accent-(--accent)"
                  />
                </label>
              </li>
            ),
        )}
      </ul>
    </Card>
  )
}
