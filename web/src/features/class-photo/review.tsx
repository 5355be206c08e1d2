/* The proposal, and the one button that marks. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Proposal, useConfirmPhoto, useDiscardPhoto } from '@/api/queries/class-photo'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { toast } from '@/lib/toast'
import { useUi } from '@/lib/ui-store'
import {
  answerOf,
  countPresent,
  faceOf,
  firstChoices,
  free,
  named,
  notSeen,
  toggled,
} from './choices'
import { NotSeen } from './not-seen'
import { Overview } from './overview'
import { SureList } from './sure-list'
import { WhoIsIt } from './who-is-it'

type Props = {
  proposal: Proposal
  files: readonly File[]
  onDone: () => void
  onAgain: () => void
}

const GROUPS = ['unsure', 'unknown'] as const

export function Review({ proposal, files, onDone, onAgain }: Props) {
  const { t } = useTranslation()
  const lang = useUi((s) => s.lang)
  const [choices, setChoices] = useState(() => firstChoices(proposal))
  const confirm = useConfirmPhoto(proposal.session_id, proposal.id)
  const discard = useDiscardPhoto(proposal.session_id, proposal.id)
  const present = countPresent(choices)
  const toggle = (student: number) => setChoices((c) => toggled(c, student))

  return (
    <div className="grid gap-5">
      <Overview files={files} proposal={proposal} />
      {proposal.outcome && (
        <Card>
          <p role="status">{proposal.outcome.why[lang]}</p>
        </Card>
      )}
      <SureList people={proposal.sure} choices={choices} onToggle={toggle} />
      {GROUPS.map(
        (group) =>
          proposal[group].length > 0 && (
            <Card key={group} aria-labelledby={`class-photo-${group}`}>
              <CardHead
                id={`class-photo-${group}`}
                title={t(`classphoto.${group}`, { count: proposal[group].length })}
                hint={t(`classphoto.${group}.hint`)}
              />
              <div className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
                {proposal[group].map((person) => (
                  <WhoIsIt
                    key={faceOf(person)}
                    person={person}
                    number={faceOf(person)}
                    chosen={choices.who.get(faceOf(person))}
                    free={free(proposal, choices, faceOf(person))}
                    onName={(student) => setChoices((c) => named(c, faceOf(person), student))}
                  />
                ))}
              </div>
            </Card>
          ),
      )}
      <NotSeen students={notSeen(proposal, choices)} choices={choices} onToggle={toggle} />
      <ProblemNote error={confirm.error ?? discard.error} />
      <div className="sticky bottom-3 flex flex-wrap justify-end gap-3 rounded-xl border border-line bg-panel p-3 shadow-card">
        <Button
          busy={discard.isPending}
          onClick={() => discard.mutate(undefined, { onSuccess: onAgain })}
        >
          {t('classphoto.discard')}
        </Button>
        <Button
          variant="primary"
          busy={confirm.isPending}
          onClick={() =>
            confirm.mutate(answerOf(choices), {
              onSuccess: (done) => {
                toast(t('classphoto.done', { count: done.students.length }), { tone: 'ok' })
                onDone()
              },
            })
          }
        >
          {t('classphoto.confirm', { count: present })}
        </Button>
      </div>
    </div>
  )
}
