/* A register filled from a list. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { upload } from '../client'
import { keys } from '../live'
import type { components } from '../schema.gen'

export type MarksReport = components['schemas']['marks_report']
export type MarksError = components['schemas']['marks_error']

/* Without `apply` it is only looked at; with it the good lines are taken, the bad ones left. */
export function useImportMarks(sessionId: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ file, apply }: { file: File; apply: boolean }) => {
      const form = new FormData()
      form.append('list', file, file.name)
      form.append('dry_run', String(!apply))
      form.append('partial', String(apply))
      return upload<MarksReport>(`/api/v1/sessions/${sessionId}/attendance/import`, form)
    },
    onSuccess: (report) =>
      report.applied ? client.invalidateQueries({ queryKey: keys.register(sessionId) }) : undefined,
  })
}
