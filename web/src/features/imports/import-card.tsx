/* Photos of many students: send a ZIP, read the dry run, run it, keep the report. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { importsQuery, useCreateImport } from '@/api/queries/faces'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead, Skeleton } from '@/components/ui/card'
import { Field, Input, Select } from '@/components/ui/field'
import { useFileProblem } from '@/lib/file-problem'
import { ImportProgress } from './import-progress'

const ZIP = { of: (code: string) => `zip.${code}`, other: 'zip.other' } as const
const CSV = { of: (code: string) => `csv.${code}`, other: 'zip.other' } as const

function SendForm() {
  const { t } = useTranslation()
  const create = useCreateImport()
  const [archive, setArchive] = useState<File>()
  const [list, setList] = useState<File>()
  const [source, setSource] = useState('photos')
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (archive) create.mutate({ archive, source, ...(list ? { list } : {}) })
  }
  const wrongArchive = useFileProblem(create.error, 'archive', ZIP)
  const wrongList = useFileProblem(create.error, 'list', CSV)
  return (
    <form onSubmit={submit} className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      <Field label={t('import.archive')} hint={t('import.archiveHint')} error={wrongArchive}>
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".zip,application/zip"
            className="py-1.5"
            onChange={(e) => setArchive(e.target.files?.[0])}
          />
        )}
      </Field>
      <Field
        label={t('import.list')}
        optional={t('common.optional')}
        hint={t('import.listHint')}
        error={wrongList}
      >
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".csv,text/csv"
            className="py-1.5"
            onChange={(e) => setList(e.target.files?.[0])}
          />
        )}
      </Field>
      <Field label={t('import.source')}>
        {(control) => (
          <Select {...control} value={source} onChange={(e) => setSource(e.target.value)}>
            <option value="photos">{t('source.photos')}</option>
            <option value="id_photo">{t('source.id_photo')}</option>
          </Select>
        )}
      </Field>
      <div className="sm:col-span-2 xl:col-span-3">
        {!wrongArchive && !wrongList && <ProblemNote error={create.error} className="mb-3" />}
        <Button type="submit" variant="primary" disabled={!archive} busy={create.isPending}>
          {t('import.check')}
        </Button>
      </div>
    </form>
  )
}

export function ImportCard() {
  const { t } = useTranslation()
  const imports = useQuery(importsQuery)
  const [shown, setShown] = useState<number>()
  const items = imports.data?.items ?? []
  return (
    <Card>
      <CardHead title={t('import.title')} hint={t('import.hint')} />
      <SendForm />
      <ProblemNote error={imports.data ? null : imports.error} className="mt-4" />
      {imports.isPending && <Skeleton className="mt-4 h-16" />}
      <ul className="mt-4 grid gap-3 empty:hidden">
        {items.map((one, i) => (
          <ImportProgress
            key={one.id}
            of={one}
            open={shown === undefined ? i === 0 : shown === one.id}
            onToggle={(open) => setShown(open ? one.id : 0)}
          />
        ))}
      </ul>
    </Card>
  )
}
