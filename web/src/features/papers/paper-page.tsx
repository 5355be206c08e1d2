/* One justification: what it says, its papers, what may be done, and what was done. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Paper, paperQuery } from '@/api/queries/papers'
import { Guard } from '@/components/guard'
import { PageHead } from '@/components/page-head'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { useUi } from '@/lib/ui-store'
import { Actions } from './actions'
import { Documents } from './documents'
import { reasonOf, TONES, timeOf } from './looks'

const route = getRouteApi('/shell/justifications/$justificationId')

function Facts({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lang = useUi((s) => s.lang)
  const facts = [
    ['papers.when', timeOf(format, paper)],
    ['papers.reason', reasonOf(paper, lang)],
    ['papers.madeBy', paper.created_by_name],
    ['papers.signedBy', paper.signed_by_name],
    ['papers.dueAt', paper.due_at && format.dateTime(paper.due_at)],
    ['papers.words', paper.message],
    ['papers.schoolSays', paper.answer_words ? paper.answer_words[lang] : paper.answer],
  ] as const
  return (
    <Card>
      <div className="mb-4 flex flex-wrap gap-2">
        <Tag tone={TONES[paper.state]}>{t(`papers.state.${paper.state}`)}</Tag>
        {paper.late && <Tag tone="warn">{t('papers.late')}</Tag>}
        {paper.guardian_missing && <Tag tone="warn">{t('papers.unsigned')}</Tag>}
      </div>
      <dl className="grid gap-3">
        {facts.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt className="text-muted text-sm">{t(label)}</dt>
                <dd className="whitespace-pre-wrap break-words">
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
    </Card>
  )
}

function History({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lang = useUi((s) => s.lang)
  return (
    <Card>
      <CardHead title={t('papers.history')} />
      <ol className="grid gap-3">
        {paper.steps.map((step) => (
          <li key={step.id} className="border-line border-s-2 ps-3">
            <p className="font-medium">{t(`papers.step.${step.kind}`)}</p>
            <p className="text-muted text-sm">
              {format.dateTime(step.at)}
              {step.by_name && (
                <>
                  {' · '}
                  <bdi>{step.by_name}</bdi>
                </>
              )}
            </p>
            {step.message && step.kind !== 'expired' && (
              <p className="whitespace-pre-wrap break-words">
                <bdi>{step.message_words ? step.message_words[lang] : step.message}</bdi>
              </p>
            )}
          </li>
        ))}
      </ol>
    </Card>
  )
}

export function PaperPage() {
  const { t } = useTranslation()
  const { justificationId } = route.useParams()
  const paper = useQuery(paperQuery(justificationId))
  return (
    <Guard need="justifications:read">
      <PageHead
        title={paper.data?.student_name ?? t('nav.papers')}
        before={
          <Link to="/justifications" className="text-accent text-sm hover:underline">
            {t('nav.papers')}
          </Link>
        }
      />
      <ProblemNote error={paper.data ? null : paper.error} />
      {paper.isPending && <Skeleton className="h-60" />}
      {paper.data && (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <div className="grid min-w-0 gap-5">
            <Facts paper={paper.data} />
            <Actions paper={paper.data} />
          </div>
          <div className="grid min-w-0 gap-5">
            <Documents paper={paper.data} />
            <History paper={paper.data} />
          </div>
        </div>
      )}
    </Guard>
  )
}
