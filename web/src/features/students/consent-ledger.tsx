/* All that is known of one student, to take away: ledger, certificates, the export. */
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { certificateFile, certificatesQuery, ledgerQuery } from '@/api/queries/privacy'
import { ExportLinks } from '@/components/export-links'
import { ProblemNote } from '@/components/problem-note'
import { buttonClass } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { useFormat } from '@/lib/format'

function Ledger({ studentId }: { studentId: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ledger = useQuery(ledgerQuery(studentId))
  const rows = ledger.data?.items ?? []
  return (
    <section>
      <h3 className="mb-2 font-medium">{t('privacy.ledger')}</h3>
      <ProblemNote error={ledger.data ? null : ledger.error} />
      {ledger.data && rows.length === 0 && <p className="text-muted">{t('privacy.ledgerEmpty')}</p>}
      <ul className="grid gap-2 text-sm">
        {rows.map((row) => (
          <li key={row.id} className="rounded-lg bg-sunk px-4 py-2.5">
            <p>
              {t(`privacy.by.${row.given_by}`)}
              {row.given_by_name && (
                <>
                  {' '}
                  (<bdi>{row.given_by_name}</bdi>)
                </>
              )}
              {': '}
              {t(`consent.state.${row.state}`)}
            </p>
            <p className="text-muted">
              {format.dateTime(row.at)} · {t(`privacy.channel.${row.channel}`)}
              {row.text_version && <> · {t('consent.version', { version: row.text_version })}</>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Certificates({ studentId }: { studentId: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const list = useQuery(certificatesQuery(studentId))
  const rows = list.data?.items ?? []
  if (rows.length === 0) return <ProblemNote error={list.data ? null : list.error} />
  return (
    <section>
      <h3 className="mb-2 font-medium">{t('privacy.certificates')}</h3>
      <ul className="grid gap-2 text-sm">
        {rows.map((row) => (
          <li key={row.id} className="flex flex-wrap items-center gap-2">
            <span className="me-auto">
              {format.dateTime(row.at)} · {t(`privacy.reason.${row.reason}`)}
            </span>
            <a
              href={certificateFile(row.certificate_id)}
              download
              className={buttonClass('outline')}
            >
              <Download aria-hidden className="size-4" />
              {t('privacy.download')}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function ConsentLedger({ studentId, own }: { studentId: number; own: boolean }) {
  const { t } = useTranslation()
  return (
    <Card>
      <CardHead title={t(own ? 'privacy.mine' : 'privacy.theirs')} hint={t('privacy.mineHint')} />
      <div className="grid gap-5">
        <ExportLinks of={{ student: studentId }} />
        <Ledger studentId={studentId} />
        <Certificates studentId={studentId} />
      </div>
    </Card>
  )
}
