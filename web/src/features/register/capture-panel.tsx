import { Link } from '@tanstack/react-router'
import { Camera, ImageUp, ScanFace, Users } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { cn } from '@/lib/cn'
import { CameraPanel } from './camera-panel'
import { PhotoPanel } from './photo-panel'

const TABS = [
  { name: 'camera', icon: Camera },
  { name: 'photo', icon: ImageUp },
] as const

export function CapturePanel({ sessionId }: { sessionId: number }) {
  const { t } = useTranslation()
  const id = useId()
  const [tab, setTab] = useState<'camera' | 'photo'>('camera')
  const step = (e: React.KeyboardEvent) => {
    if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return
    e.preventDefault()
    const next = tab === 'camera' ? 'photo' : 'camera'
    setTab(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <Card className="grid gap-4" aria-label={t('capture.title')}>
      <div className="grid gap-3">
        <h2 className="flex items-center gap-2 font-semibold text-lg">
          <ScanFace aria-hidden className="size-5 text-accent" />
          {t('capture.title')}
        </h2>
        <div
          role="tablist"
          aria-label={t('capture.how')}
          className="flex rounded-lg bg-idle-soft p-1"
        >
          {TABS.map(({ name, icon: Icon }) => (
            <button
              key={name}
              id={`${id}-${name}`}
              type="button"
              role="tab"
              aria-selected={tab === name}
              aria-controls={`${id}-panel`}
              tabIndex={tab === name ? 0 : -1}
              onClick={() => setTab(name)}
              onKeyDown={step}
              className={cn(
                'flex h-8 flex-1 items-center justify-center gap-1.5 rounded-md px-3 font-medium text-sm',
                tab === name ? 'bg-panel shadow-card' : 'text-idle hover:text-fg',
              )}
            >
              <Icon aria-hidden className="size-4" />
              {t(`capture.${name}`)}
            </button>
          ))}
        </div>
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${tab}`}>
        {tab === 'camera' ? (
          <CameraPanel sessionId={sessionId} />
        ) : (
          <PhotoPanel sessionId={sessionId} />
        )}
      </div>
      <Link
        to="/sessions/$sessionId/photo"
        params={{ sessionId }}
        className={buttonClass('outline')}
      >
        <Users aria-hidden className="size-4" />
        {t('capture.class')}
      </Link>
    </Card>
  )
}
