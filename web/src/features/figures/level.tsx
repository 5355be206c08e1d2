/* How a level of absence looks: colour and word together. */
import { useTranslation } from 'react-i18next'
import type { Alert, Level } from '@/api/queries/figures'
import { Tag } from '@/components/status'

const TONES = {
  fine: 'ok',
  notice: 'info',
  warning: 'warn',
  critical: 'bad',
  failing: 'bad',
} as const

export function LevelTag({ level }: { level: Level | Alert['level'] }) {
  const { t } = useTranslation()
  return <Tag tone={TONES[level]}>{t(`level.${level}`)}</Tag>
}

export const FILL = {
  fine: 'bg-ok',
  warning: 'bg-warn',
  critical: 'bg-bad',
  failing: 'bg-bad',
} as const
