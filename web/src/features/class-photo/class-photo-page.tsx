import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { proposalQuery, usePropose } from '@/api/queries/class-photo'
import { registerQuery } from '@/api/queries/sessions'
import { BackLink } from '@/components/back-link'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Skeleton } from '@/components/ui/card'
import { Picker } from './picker'
import { Review } from './review'

const route = getRouteApi('/shell/sessions/$sessionId/photo')

function Waiting({ sessionId, proposal, files, onAgain }: WaitingProps) {
  const navigate = route.useNavigate()
  const found = useQuery(proposalQuery(sessionId, proposal))
  if (found.error) return <ProblemNote error={found.error} onRetry={onAgain} />
  if (!found.data) return <Skeleton className="h-96" />
  return (
    <Review
      proposal={found.data}
      files={files}
      onAgain={onAgain}
      onDone={() =>
        void navigate({ to: '/sessions/$sessionId', params: { sessionId }, search: {} })
      }
    />
  )
}

type WaitingProps = {
  sessionId: number
  proposal: number
  files: readonly File[]
  onAgain: () => void
}

export function ClassPhotoPage() {
  const { t } = useTranslation()
  const { sessionId } = route.useParams()
  const { proposal } = route.useSearch()
  const navigate = route.useNavigate()
  const register = useQuery(registerQuery(sessionId))
  const [files, setFiles] = useState<readonly File[]>([])
  const propose = usePropose(sessionId)

  const send = (photos: readonly File[]) => {
    setFiles(photos)
    propose.mutate(photos, {
      onSuccess: (p) => void navigate({ search: { proposal: p.id }, replace: true }),
    })
  }
  const again = () => {
    setFiles([])
    propose.reset()
    void navigate({ search: {}, replace: true })
  }
  const back = (
    <BackLink to="/sessions/$sessionId" params={{ sessionId }}>
      {register.data?.session.module_name ?? t('register.title')}
    </BackLink>
  )
  return (
    <>
      <PageHead title={t('classphoto.title')} before={back} />
      {register.error && !register.data ? (
        <ProblemNote error={register.error} onRetry={() => void register.refetch()} />
      ) : proposal ? (
        <Waiting sessionId={sessionId} proposal={proposal} files={files} onAgain={again} />
      ) : (
        <Picker busy={propose.isPending} error={propose.error} onSend={send} />
      )}
    </>
  )
}
