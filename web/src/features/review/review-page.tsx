/* What waits for a person: disputes of students, and signals. */
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageHead } from '@/components/page-head'
import { cn } from '@/lib/cn'
import { DisputesList } from './disputes-list'
import { SignalsList } from './signals-list'

const route = getRouteApi('/shell/review')
const TABS = ['disputes', 'signals'] as const

export function ReviewPage() {
  const { t } = useTranslation()
  const { tab = 'disputes', all = false } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageHead title={t('nav.review')} hint={t(`review.hint.${tab}`)} />
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <nav aria-label={t('nav.review')} className="flex gap-1 rounded-lg bg-sunk p-1">
          {TABS.map((name) => (
            <Link
              key={name}
              to="/review"
              search={name === 'disputes' ? {} : { tab: name }}
              aria-current={tab === name ? 'page' : undefined}
              className={cn(
                'rounded-md px-4 py-1.5 font-medium text-sm',
                tab === name ? 'bg-panel shadow-card' : 'text-muted hover:text-fg',
              )}
            >
              {t(`review.${name}`)}
            </Link>
          ))}
        </nav>
        <label className="ms-auto flex min-h-9 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4"
            checked={all}
            onChange={(e) =>
              void navigate({
                search: (old) => ({ ...old, all: e.target.checked || undefined }),
                replace: true,
              })
            }
          />
          {t('review.all')}
        </label>
      </div>
      {tab === 'disputes' ? <DisputesList all={all} /> : <SignalsList all={all} />}
    </>
  )
}
