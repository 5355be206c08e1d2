/* One file to the server with its progress, which fetch cannot tell. */
import { ApiProblem, toProblem } from './problem'
import { csrfToken, ensureFresh, newKey } from './session'

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/* `told` hears the share that has left, 0..1. */
export async function sendFile(
  path: string,
  field: string,
  file: File,
  told: (share: number) => void,
): Promise<unknown> {
  await ensureFresh()
  const form = new FormData()
  form.append(field, file, file.name)
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', path)
    xhr.setRequestHeader('X-CSRF-Token', csrfToken())
    xhr.setRequestHeader('Idempotency-Key', newKey())
    xhr.upload.onprogress = (e) => e.lengthComputable && told(e.loaded / e.total)
    xhr.onerror = () => reject(new ApiProblem('network', 0))
    xhr.onload = () => {
      const body = bodyOf(xhr.responseText)
      if (xhr.status < 300) resolve(body)
      else reject(toProblem(body, xhr.status))
    }
    xhr.send(form)
  })
}
