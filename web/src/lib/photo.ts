/* What the server takes as a photo; said here so that nobody waits for an upload in vain. */
import { ApiProblem } from '@/api/problem'

export const PHOTO_TYPES = 'image/jpeg,image/png,image/webp'

const LARGEST_BYTES = 8 * 1024 * 1024

export function tooLarge(file: File): ApiProblem | undefined {
  return file.size > LARGEST_BYTES ? new ApiProblem('too-large', 413) : undefined
}
