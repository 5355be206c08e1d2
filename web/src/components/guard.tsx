/* A page, or a word that it is not for this role. The server decides about data; this spares the way. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { useMay } from '@/api/queries/auth'
import { PageHead } from './page-head'
import { ProblemNote } from './problem-note'

const REFUSED = new ApiProblem('forbidden', 403)

export function Guard({ need, children }: { need: string; children: ReactNode }) {
  const { t } = useTranslation()
  if (useMay(need)) return children
  return (
    <>
      <PageHead title={t('problem.page')} />
      <ProblemNote error={REFUSED} />
    </>
  )
}
