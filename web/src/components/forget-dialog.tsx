/* Forgetting a person for good: what goes and what stays, the typed confirmation, and what was done. */
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type ForgetReport, useForgetAccount, useForgetStudent } from '@/api/queries/forget'
import { certificateFile, certificatesQuery } from '@/api/queries/privacy'
import { download } from '@/lib/csv'
import type { TextKey } from '@/lib/i18n'
import { fieldError } from '@/lib/problem-text'
import { ExportLinks } from './export-links'
import { TypedConfirm } from './typed-confirm'
import { Button, buttonClass } from './ui/button'
import { Dialog, DialogFoot } from './ui/dialog'

const STUDENT = {
  goes: ['forget.goes.student', 'forget.goes.face', 'forget.goes.words', 'forget.goes.ties'],
  stays: ['forget.stays.register', 'forget.stays.proof', 'forget.stays.backups'],
} as const
const ACCOUNT = {
  goes: ['forget.goes.account', 'forget.goes.logins', 'forget.goes.ownWords', 'forget.goes.wards'],
  stays: ['forget.stays.did', 'forget.stays.backups'],
} as const

function Part({ title, lines }: { title: string; lines: readonly TextKey[] }) {
  const { t } = useTranslation()
  return (
    <section className="grid content-start gap-1">
      <h3 className="font-medium">{title}</h3>
      <ul className="grid list-disc gap-1 ps-5 text-sm">
        {lines.map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
    </section>
  )
}

/* The newest is the one of just now. */
function Certificate({ studentId }: { studentId: number }) {
  const { t } = useTranslation()
  const newest = useQuery(certificatesQuery(studentId)).data?.items.find(
    (c) => c.reason === 'forgotten',
  )
  if (!newest) return null
  return (
    <a href={certificateFile(newest.certificate_id)} download className={buttonClass('outline')}>
      <Download aria-hidden className="size-4" />
      {t('forget.certificate')}
    </a>
  )
}

const rowsOf = (report: ForgetReport, done: ForgetReport['tables'][number]['done']) =>
  report.tables.reduce((sum, one) => sum + (one.done === done ? one.rows : 0), 0)

type DoneProps = { name: string; report: ForgetReport; student: boolean; onClose: () => void }

function Done({ name, report, student, onClose }: DoneProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('forget.done', { name })} onClose={onClose}>
      <div className="grid gap-3">
        <p>{t('forget.doneAs', { as: report.name })}</p>
        <ul className="grid list-disc gap-1 ps-5">
          <li>{t('forget.deleted', { count: rowsOf(report, 'deleted') })}</li>
          <li>{t('forget.emptied', { count: rowsOf(report, 'emptied') })}</li>
        </ul>
      </div>
      <DialogFoot>
        <Button
          onClick={() =>
            download(
              `forgotten-${student ? 'student' : 'account'}-${report.id}.json`,
              'application/json',
              JSON.stringify(report, null, 2),
            )
          }
        >
          <Download aria-hidden className="size-4" />
          {t('forget.report')}
        </Button>
        {student && <Certificate studentId={report.id} />}
        <Button variant="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}

/* `word` is the student's number, or the account's e-mail. */
type Props = { id: number; name: string; word: string; student: boolean; onClose: () => void }

export default function ForgetDialog({ id, name, word, student, onClose }: Props) {
  const { t } = useTranslation()
  const forgetStudent = useForgetStudent(id)
  const forgetAccount = useForgetAccount(id)
  const forget = student ? forgetStudent : forgetAccount
  const texts = student ? STUDENT : ACCOUNT
  if (forget.data) {
    return <Done name={name} report={forget.data} student={student} onClose={onClose} />
  }
  return (
    <TypedConfirm
      title={t('forget.title', { name })}
      text={t('forget.never')}
      submit={t('forget.submit')}
      busy={forget.isPending}
      error={forget.error}
      exact={{
        word,
        label: t(student ? 'forget.by.number' : 'forget.by.email', { word }),
        wrong: fieldError(t, forget.error, student ? 'student_number' : 'email'),
      }}
      onClose={onClose}
      onConfirm={(typed) => forget.mutate(typed)}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Part title={t('forget.goes')} lines={texts.goes} />
        <Part title={t('forget.stays')} lines={texts.stays} />
      </div>
      <div className="grid gap-2">
        <p className="text-sm">{t('forget.exportFirst')}</p>
        <ExportLinks of={student ? { student: id } : { account: id }} />
      </div>
    </TypedConfirm>
  )
}
