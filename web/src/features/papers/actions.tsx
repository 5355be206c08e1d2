/* What the reader may do with a justification now: sign, answer, withdraw, decide, take back. */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type Decision,
  type Paper,
  useDecide,
  useRevoke,
  useSay,
  useSign,
  useWithdraw,
} from '@/api/queries/papers'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Field, Textarea } from '@/components/ui/field'

type WordsProps = {
  label: string
  error: unknown
  children: (words: string, clear: () => void) => ReactNode
}

/* A text and the buttons that send it. */
function Words({ label, error, children }: WordsProps) {
  const [words, setWords] = useState('')
  return (
    <div className="grid gap-3">
      <Field label={label}>
        {(control) => (
          <Textarea
            {...control}
            maxLength={2000}
            value={words}
            onChange={(e) => setWords(e.target.value)}
          />
        )}
      </Field>
      <ProblemNote error={error} />
      <div className="flex flex-wrap gap-2">{children(words.trim(), () => setWords(''))}</div>
    </div>
  )
}

function SignCard({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const sign = useSign(paper.id)
  const [read, setRead] = useState(false)
  return (
    <Card>
      <CardHead title={t('papers.sign')} hint={t('papers.signHint')} />
      <label className="mb-3 flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4"
          checked={read}
          onChange={(e) => setRead(e.target.checked)}
        />
        {t('papers.statement')}
      </label>
      <ProblemNote error={sign.error} className="mb-3" />
      <Button
        variant="primary"
        disabled={!read}
        busy={sign.isPending}
        onClick={() => sign.mutate(t('papers.statement'))}
      >
        {t('papers.sign')}
      </Button>
    </Card>
  )
}

function DecideCard({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const decide = useDecide(paper.id)
  const [bare, setBare] = useState(false)
  const lacks = paper.needs_document && paper.documents.length === 0
  const run = (decision: Decision, message: string) =>
    decide.mutate({ decision, message, bare: lacks && bare, version: paper.version })
  return (
    <Card>
      <CardHead title={t('papers.decide')} hint={t('papers.decideHint')} />
      {lacks && (
        <label className="mb-3 flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4"
            checked={bare}
            onChange={(e) => setBare(e.target.checked)}
          />
          {t('papers.bare')}
        </label>
      )}
      <Words label={t('papers.words')} error={decide.error}>
        {(words) => (
          <>
            <Button
              variant="primary"
              busy={decide.isPending}
              disabled={lacks && !bare}
              onClick={() => run('approve', words)}
            >
              {t('papers.approve')}
            </Button>
            <Button disabled={words === ''} onClick={() => run('needs_info', words)}>
              {t('papers.ask')}
            </Button>
            <Button variant="danger" disabled={words === ''} onClick={() => run('reject', words)}>
              {t('papers.reject')}
            </Button>
          </>
        )}
      </Words>
    </Card>
  )
}

function SayCard({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const say = useSay(paper.id)
  const withdraw = useWithdraw(paper.id)
  const asked = paper.state === 'needs_info'
  return (
    <Card>
      <CardHead
        title={t(asked ? 'papers.answer' : 'papers.say')}
        hint={asked ? paper.answer : undefined}
      />
      <Words label={t('papers.words')} error={say.error ?? withdraw.error}>
        {(words, clear) => (
          <>
            <Button
              variant={asked ? 'primary' : 'outline'}
              disabled={words === ''}
              busy={say.isPending}
              onClick={() => say.mutate(words, { onSuccess: clear })}
            >
              {t('papers.send')}
            </Button>
            {paper.actions.includes('withdraw') && (
              <Button
                variant="danger"
                className="ms-auto"
                busy={withdraw.isPending}
                onClick={() => withdraw.mutate(undefined)}
              >
                {t('papers.withdraw')}
              </Button>
            )}
          </>
        )}
      </Words>
    </Card>
  )
}

function RevokeCard({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const revoke = useRevoke(paper.id)
  return (
    <Card>
      <CardHead title={t('papers.revoke')} hint={t('papers.revokeHint')} />
      <Words label={t('papers.words')} error={revoke.error}>
        {(words) => (
          <Button
            variant="danger"
            disabled={words === ''}
            busy={revoke.isPending}
            onClick={() => revoke.mutate(words)}
          >
            {t('papers.revoke')}
          </Button>
        )}
      </Words>
    </Card>
  )
}

export function Actions({ paper }: { paper: Paper }) {
  const may = (action: string) => paper.actions.includes(action)
  return (
    <>
      {may('sign') && <SignCard paper={paper} />}
      {may('decide') && <DecideCard paper={paper} />}
      {may('say') && <SayCard paper={paper} />}
      {may('revoke') && <RevokeCard paper={paper} />}
    </>
  )
}
