/* Justifications: the own ones, the wards', or the queue of those who decide. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { FileText, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import { type PaperItem, papersQuery } from '@/api/queries/papers'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { PagedList } from '@/components/paged-list'
import { Tag } from '@/components/status'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Select } from '@/components/ui/field'
import { useFormat } from '@/lib/format'
import { useUi } from '@/lib/ui-store'
import { reasonOf, STATES, TONES, timeOf } from './looks'
import { NewPaperDialog } from './new-paper'

const route = getRouteApi('/shell/justifications')

function Row({ paper }: { paper: PaperItem }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lang = useUi((s) => s.lang)
  return (
    <li>
      <Link
        to="/justifications/$justificationId"
        params={{ justificationId: paper.id }}
        className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg bg-sunk p-4 hover:bg-idle-soft"
      >
        <span className="me-auto min-w-0">
          <span className="block font-medium">
            <bdi>{paper.student_name}</bdi>
          </span>
          <span className="block text-muted text-sm">
            {timeOf(format, paper)} · {reasonOf(paper, lang)}
          </span>
        </span>
        {paper.late && <Tag tone="warn">{t('papers.late')}</Tag>}
        {paper.guardian_missing && <Tag tone="warn">{t('papers.unsigned')}</Tag>}
        <Tag tone={TONES[paper.state]}>{t(`papers.state.${paper.state}`)}</Tag>
      </Link>
    </li>
  )
}

function List() {
  const { t } = useTranslation()
  const decides = useMay('justifications:decide')
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const state = STATES.find((one) => one === (search.state ?? (decides ? 'pending' : 'all')))
  const papers = useInfiniteQuery(papersQuery(state))
  return (
    <Card>
      <Select
        aria-label={t('papers.filter')}
        className="mb-4 sm:w-72"
        value={state ?? 'all'}
        onChange={(e) => void navigate({ search: { state: e.target.value }, replace: true })}
      >
        <option value="all">{t('papers.state.all')}</option>
        {STATES.map((one) => (
          <option key={one} value={one}>
            {t(`papers.state.${one}`)}
          </option>
        ))}
      </Select>
      <PagedList
        query={papers}
        icon={FileText}
        none={t('papers.none')}
        noneHint={t('papers.noneHint')}
        apart
      >
        {(paper) => <Row paper={paper} />}
      </PagedList>
    </Card>
  )
}

export function PapersPage() {
  const { t } = useTranslation()
  const makes = useMay('justifications:make')
  const [making, setMaking] = useState(false)
  return (
    <Guard need="justifications:read">
      <PageHead title={t('nav.papers')} hint={t('papers.hint')}>
        {makes && (
          <Button variant="primary" onClick={() => setMaking(true)}>
            <Plus aria-hidden className="size-4" />
            {t('papers.new')}
          </Button>
        )}
      </PageHead>
      <List />
      {making && <NewPaperDialog onClose={() => setMaking(false)} />}
    </Guard>
  )
}
