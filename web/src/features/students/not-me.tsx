/* "That was not me": a student takes the own mark by a face back, after being asked once more. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotMe } from '@/api/queries/recognition'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'

const BY_FACE = new Set(['face', 'kiosk', 'self', 'class_photo'])

export function canDeny(record: { method: string | null; status: string }) {
  const there = record.status === 'present' || record.status === 'late'
  return there && record.method !== null && BY_FACE.has(record.method)
}

export function NotMe({ studentId, sessionId }: { studentId: number; sessionId: number }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const deny = useNotMe(studentId)
  return (
    <>
      <Button size="sm" variant="ghost" onClick={() => setAsking(true)}>
        {t('notMe.button')}
      </Button>
      {asking && (
        <Dialog title={t('notMe.title')} onClose={() => setAsking(false)}>
          <p>{t('notMe.hint')}</p>
          <ProblemNote error={deny.error} />
          <DialogFoot>
            <Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button>
            <Button
              variant="danger"
              busy={deny.isPending}
              onClick={() => deny.mutate(sessionId, { onSuccess: () => setAsking(false) })}
            >
              {t('notMe.confirm')}
            </Button>
          </DialogFoot>
        </Dialog>
      )}
    </>
  )
}
