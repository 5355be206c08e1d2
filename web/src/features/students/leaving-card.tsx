/* For administrators: archiving a student who left, taking it back, and forgetting for good. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useArchiveStudent } from '@/api/queries/forget'
import type { Student } from '@/api/types'
import ForgetDialog from '@/components/forget-dialog'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { isForgotten } from '@/lib/forgotten'
import { toast } from '@/lib/toast'

export default function LeavingCard({ student }: { student: Student }) {
  const { t } = useTranslation()
  const save = useArchiveStudent()
  /* The name and the number as they were: afterwards there are others. */
  const [forgetting, setForgetting] = useState<Student>()
  const forgotten = isForgotten(student.student_number)
  const archive = (row: Student, archived: boolean) =>
    save.archive(row, archived, (now) =>
      toast(t(archived ? 'manage.archived' : 'manage.restored', { name: now.name }), {
        tone: 'ok',
        action: { label: t('common.undo'), run: () => archive(now, !archived) },
      }),
    )
  return (
    <Card>
      <CardHead title={t('forget.leaving')} />
      <div className="grid justify-items-start gap-3">
        {forgotten && <p className="text-muted">{t('forget.forgotten')}</p>}
        {!forgotten && !student.archived && (
          <p className="text-muted text-sm">{t('forget.archiveHint')}</p>
        )}
        {!forgotten && (
          <Button busy={save.isPending} onClick={() => archive(student, !student.archived)}>
            {t(student.archived ? 'forget.restore' : 'forget.archive')}
          </Button>
        )}
        {!forgotten && student.archived && (
          <>
            <p className="text-muted text-sm">{t('forget.laterHint')}</p>
            <Button variant="danger" onClick={() => setForgetting(student)}>
              {t('forget.begin')}
            </Button>
          </>
        )}
        <ProblemNote error={save.error} />
      </div>
      {forgetting && (
        <ForgetDialog
          student
          id={forgetting.id}
          name={forgetting.name}
          word={forgetting.student_number}
          onClose={() => setForgetting(undefined)}
        />
      )}
    </Card>
  )
}
