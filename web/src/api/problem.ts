/* Turns the server's problem+json (RFC 9457) into an error the pages can translate. */
import type { Problem } from './types'

export type FieldProblem = NonNullable<Problem['errors']>[number]

export class ApiProblem extends Error {
  readonly slug: string
  readonly status: number
  readonly detail: string | undefined
  readonly requestId: string | undefined
  readonly fields: readonly FieldProblem[]

  constructor(slug: string, status: number, body: Partial<Problem> = {}) {
    super(body.title ?? slug)
    this.name = 'ApiProblem'
    this.slug = slug
    this.status = status
    this.detail = body.detail
    this.requestId = body.request_id
    this.fields = body.errors ?? []
  }
}

export const slugOf = (type: string) => type.slice(type.lastIndexOf('/') + 1)

const isProblem = (v: unknown): v is Problem =>
  typeof v === 'object' && v !== null && typeof (v as Problem).type === 'string'

export function toProblem(body: unknown, status: number): ApiProblem {
  return isProblem(body)
    ? new ApiProblem(slugOf(body.type), status, body)
    : new ApiProblem(status >= 500 ? 'internal' : 'bad-request', status)
}

/* The browser's own failures (no network, aborted) in the same form. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem('network', 0)
}
