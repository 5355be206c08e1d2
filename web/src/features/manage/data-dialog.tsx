/* The data of one account, for administrators: to take away, and to forget once it is archived. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '@/api/types'
import { ExportLinks } from '@/components/export-links'
import ForgetDialog from '@/components/forget-dialog'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { isForgotten } from '@/lib/forgotten'

export default function DataDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation()
  const [forgetting, setForgetting] = useState(false)
  if (forgetting) {
    return (
      <ForgetDialog
        student={false}
        id={user.id}
        name={user.name}
        word={user.email}
        onClose={onClose}
      />
    )
  }
  const ofStudent = user.role === 'student'
  const forgotten = isForgotten(user.email)
  return (
    <Dialog title={t('people.dataOf', { name: user.name })} onClose={onClose}>
      <div className="grid gap-4">
        <p>{t('people.dataHint')}</p>
        <ExportLinks of={{ account: user.id }} />
        <p className="text-muted text-sm">
          {forgotten
            ? t('forget.forgotten')
            : ofStudent
              ? t('forget.studentsAccount')
              : t(user.archived ? 'forget.laterHint' : 'forget.archiveFirst')}
        </p>
      </div>
      <DialogFoot>
        {user.archived && !ofStudent && !forgotten && (
          <Button variant="danger" className="me-auto" onClick={() => setForgetting(true)}>
            {t('forget.begin')}
          </Button>
        )}
        <Button onClick={onClose}>{t('common.close')}</Button>
      </DialogFoot>
    </Dialog>
  )
}
