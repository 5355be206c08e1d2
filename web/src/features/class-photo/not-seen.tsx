/* Everybody else: enrolled or not, the list says the same. */
import { useTranslation } from 'react-i18next'
import type { PhotoStudent } from '@/api/queries/class-photo'
import { Card, CardHead } from '@/components/ui/card'
import type { Choices } from './choices'

type Props = {
  students: readonly PhotoStudent[]
  choices: Choices
  onToggle: (student: number) => void
}

export function NotSeen({ students, choices, onToggle }: Props) {
  const { t } = useTranslation()
  if (!students.length) return null
  return (
    <Card aria-labelledby="class-photo-not-seen">
      <CardHead
        id="class-photo-not-seen"
        title={t('classphoto.absent', { count: students.length })}
        hint={t('classphoto.absent.hint')}
      />
      <ul className="grid gap-x-4 gap-y-1 sm:grid-cols-2 xl:grid-cols-3">
        {students.map((s) => (
          <li key={s.id}>
            <label className="flex min-h-10 items-center gap-2">
              <input
                type="checkbox"
                checked={choices.present.has(s.id)}
                onChange={() => onToggle(s.id)}
                className="size-5 shrink-0 accent-(--accent)"
              />
              <bdi className="min-w-0 truncate">{s.name}</bdi>
              {s.status !== 'unmarked' && (
                <span className="text-muted text-sm">{t(`status.${s.status}`)}</span>
              )}
            </label>
          </li>
        ))}
      </ul>
    </Card>
  )
}
