/* Which lessons of a series are meant. */
import { useTranslation } from 'react-i18next'
import type { Scope } from '@/api/queries/timetable'

const SCOPES = ['this', 'following', 'all'] as const

export function ScopeChoice({ scope, setScope }: { scope: Scope; setScope: (s: Scope) => void }) {
  const { t } = useTranslation()
  return (
    <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
      <legend className="mb-1.5 font-medium text-sm">{t('timetable.scope')}</legend>
      {SCOPES.map((s) => (
        <label key={s} className="flex items-center gap-2">
          <input
            type="radio"
            name="scope"
            className="size-4"
            checked={scope === s}
            onChange={() => setScope(s)}
          />
          {t(`timetable.scope.${s}`)}
        </label>
      ))}
    </fieldset>
  )
}
