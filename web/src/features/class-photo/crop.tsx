/* One face, cut out by the server. What it shows is said beside it. */
import type { PhotoFace } from '@/api/queries/class-photo'

export function Crop({ face }: { face: PhotoFace | undefined }) {
  if (!face) return null
  return (
    <img
      src={face.crop_url}
      alt=""
      width={64}
      height={64}
      loading="lazy"
      className="size-16 shrink-0 rounded-lg bg-idle-soft object-cover"
    />
  )
}
