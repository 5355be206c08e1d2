import { useQuery } from '@tanstack/react-query'
import { ScanFace, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '@/api/queries/auth'
import { enrolmentQuery, useDeleteEnrolment } from '@/api/queries/enrolment'
import type { Enrolment, Student } from '@/api/types'
import { ProblemNote } from '@/components/problem-note'
import { Tag } from '@/components/status'
import { TypedConfirm } from '@/components/typed-confirm'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { useFormat } from '@/lib/format'
import { toast } from '@/lib/toast'
import { EnrolHistory } from './enrol-history'
import { EnrolPanel } from './enrol-panel'

function Templates({ enrolment }: { enrolment: Enrolment }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <ul className="grid gap-2">
      {enrolment.templates.map((template) => (
        <li
          key={template.id}
          className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg bg-sunk px-4 py-2.5 text-sm"
        >
          <ScanFace aria-hidden className="size-4 text-accent" />
          <span className="me-auto">{format.dateTime(template.created_at)}</span>
          <span className="text-muted">{t(`pose.${template.pose}`)}</span>
          <span className="text-muted">
            {t('enrol.quality', { value: format.score(template.quality) })}
          </span>
          <bdi className="text-muted">{template.model}</bdi>
        </li>
      ))}
    </ul>
  )
}

/* How sure it is and since when it is old. */
function Standing({ enrolment }: { enrolment: Enrolment }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!enrolment.enrolled) return null
  return (
    <>
      {enrolment.assurance === 'low' && <Tag tone="warn">{t('assurance.low')}</Tag>}
      {enrolment.ageing && enrolment.due_at && (
        <p className="w-full rounded-lg bg-warn-soft px-4 py-2.5 text-warn">
          {t('enrol.ageing', { when: format.date(enrolment.due_at) })}
        </p>
      )}
    </>
  )
}

export function EnrolmentCard({ student }: { student: Student }) {
  const { t } = useTranslation()
  const me = useMe()
  const mayManage = useMay('enrolment:manage')
  const enrolment = useQuery(enrolmentQuery(student.id))
  const erase = useDeleteEnrolment(student.id)
  const [open, setOpen] = useState(false)
  const [erasing, setErasing] = useState(false)
  const data = enrolment.data
  const hint = !student.consent
    ? t('enrol.needsConsent')
    : me.face_recognition === 'off'
      ? t('problem.biometrics-off')
      : undefined
  return (
    <Card>
      <CardHead title={t('enrol.title')} hint={t('enrol.hint')}>
        {data && (
          <Tag tone={data.enrolled ? 'ok' : 'idle'}>
            {t(data.enrolled ? 'student.enrolledYes' : 'student.enrolledNo')}
          </Tag>
        )}
        {data && <Standing enrolment={data} />}
      </CardHead>
      <ProblemNote error={data ? null : enrolment.error} />
      {enrolment.isPending && <Skeleton className="h-16" />}
      <div className="grid gap-4">
        {data && data.templates.length > 0 && <Templates enrolment={data} />}
        {hint && mayManage && (
          <p className="rounded-lg bg-idle-soft px-4 py-2.5 text-idle">{hint}</p>
        )}
        {mayManage && !open && (
          <div className="flex flex-wrap gap-2">
            <Button
              variant={data?.enrolled ? 'outline' : 'primary'}
              disabled={hint !== undefined}
              onClick={() => setOpen(true)}
            >
              <ScanFace aria-hidden className="size-4" />
              {t(data?.enrolled ? 'enrol.more' : 'enrol.start')}
            </Button>
            {data?.enrolled && (
              <Button variant="danger" onClick={() => setErasing(true)}>
                <Trash2 aria-hidden className="size-4" />
                {t('enrol.erase')}
              </Button>
            )}
          </div>
        )}
        {data && mayManage && <EnrolHistory history={data.history} />}
        {open && <EnrolPanel studentId={student.id} onClose={() => setOpen(false)} />}
      </div>
      {erasing && (
        <TypedConfirm
          title={t('enrol.erase')}
          text={t('enrol.eraseText')}
          submit={t('enrol.erase')}
          busy={erase.isPending}
          error={erase.error}
          onClose={() => setErasing(false)}
          onConfirm={() =>
            erase.mutate(undefined, {
              onSuccess: () => {
                setErasing(false)
                toast(t('enrol.erased'), { tone: 'ok' })
              },
            })
          }
        />
      )}
    </Card>
  )
}
