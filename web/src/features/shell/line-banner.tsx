/* Says so when the browser or the live line is off; nothing is claimed live that is not. */
import { CloudOff } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useLine } from '@/api/realtime'

const PATIENCE_MS = 4000

function subscribe(changed: () => void) {
  addEventListener('online', changed)
  addEventListener('offline', changed)
  return () => {
    removeEventListener('online', changed)
    removeEventListener('offline', changed)
  }
}

export function LineBanner() {
  const { t } = useTranslation()
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  const lost = useLine((s) => s.line === 'lost')
  const [long, setLong] = useState(false)
  useEffect(() => {
    if (!lost) {
      setLong(false)
      return
    }
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [lost])
  if (online && !(lost && long)) return null
  return (
    <div
      role="status"
      className="no-print flex items-center gap-3 border-warn/30 border-b bg-warn-soft px-4 py-2 text-warn text-sm sm:px-6 lg:px-8"
    >
      <CloudOff aria-hidden className="size-4 shrink-0" />
      {t(online ? 'line.lost' : 'line.offline')}
    </div>
  )
}
