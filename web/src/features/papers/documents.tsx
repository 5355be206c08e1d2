/* The papers of a justification: to save, to add with progress, to take away. */
import { useQueryClient } from '@tanstack/react-query'
import { Download, Trash2 } from 'lucide-react'
import { type ChangeEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { documentFile, PAPERS, type Paper, useDropDocument } from '@/api/queries/papers'
import { sendFile } from '@/api/send-file'
import { ProblemNote } from '@/components/problem-note'
import { Button, buttonClass } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Field, Input } from '@/components/ui/field'
import { useFormat } from '@/lib/format'

const MOST = 5

function Upload({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [share, setShare] = useState<number>()
  const [error, setError] = useState<unknown>()
  const send = async (e: ChangeEvent<HTMLInputElement>) => {
    const control = e.target
    setError(undefined)
    try {
      for (const file of [...(control.files ?? [])]) {
        setShare(0)
        await sendFile(`/api/v1/justifications/${paper.id}/documents`, 'file', file, setShare)
      }
    } catch (problem) {
      setError(problem)
    } finally {
      setShare(undefined)
      control.value = ''
      void client.invalidateQueries({ queryKey: PAPERS })
    }
  }
  const detail = error ? asProblem(error).detail : undefined
  return (
    <div className="mt-4 grid gap-3">
      <Field label={t('papers.add')} hint={t('papers.addHint')}>
        {(control) => (
          <Input
            {...control}
            type="file"
            multiple
            accept="application/pdf,image/jpeg,image/png"
            className="py-1.5"
            disabled={share !== undefined}
            onChange={(e) => void send(e)}
          />
        )}
      </Field>
      {share !== undefined && (
        <progress className="h-2 w-full" aria-label={t('papers.sending')} value={share} />
      )}
      <ProblemNote error={error} />
      {detail && (
        <p lang="en" dir="ltr" className="text-muted text-sm">
          {detail}
        </p>
      )}
    </div>
  )
}

export function Documents({ paper }: { paper: Paper }) {
  const { t } = useTranslation()
  const format = useFormat()
  const drop = useDropDocument(paper.id)
  const may = paper.actions.includes('add_document')
  return (
    <Card>
      <CardHead
        title={t('papers.documents')}
        hint={paper.forgotten > 0 ? t('papers.forgotten', { count: paper.forgotten }) : undefined}
      />
      {paper.documents.length === 0 && <p className="text-muted">{t('papers.noDocuments')}</p>}
      <ul className="grid gap-2 empty:hidden">
        {paper.documents.map((d) => (
          <li key={d.id} className="flex flex-wrap items-center gap-2 rounded-lg bg-sunk p-3">
            <span className="me-auto min-w-0">
              <bdi className="block break-all font-medium">{d.name}</bdi>
              <span className="text-muted text-sm">
                {t('papers.size', { n: format.number(Math.ceil(d.size_bytes / 1024)) })} ·{' '}
                {format.dateTime(d.uploaded_at)}
              </span>
            </span>
            <a
              className={buttonClass('outline', 'icon')}
              href={documentFile(paper.id, d.id)}
              aria-label={t('papers.save', { name: d.name })}
              download
            >
              <Download aria-hidden className="size-4" />
            </a>
            {may && (
              <Button
                variant="danger"
                size="icon"
                aria-label={t('papers.drop', { name: d.name })}
                busy={drop.isPending}
                onClick={() => drop.mutate(d.id)}
              >
                <Trash2 aria-hidden className="size-4" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ProblemNote error={drop.error} className="mt-3" />
      {may && paper.documents.length < MOST && <Upload paper={paper} />}
    </Card>
  )
}
