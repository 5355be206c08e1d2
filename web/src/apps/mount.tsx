/* What every application does first: theme, language, and a page for what went wrong. */
import { Component, type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { PageProblem } from '@/components/page-problem'
import { initI18n, loadTexts, type Part } from '@/lib/i18n'
import { applyTheme, useUi } from '@/lib/ui-store'

type Caught = { error?: unknown }

class Guarded extends Component<{ children: ReactNode }, Caught> {
  override state: Caught = {}

  static getDerivedStateFromError(error: unknown): Caught {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return <PageProblem error={error} onRetry={() => this.setState({ error: undefined })} />
  }
}

/* Shows `app` once the texts of `parts` have come. */
export async function mount(app: ReactNode, ...parts: Part[]) {
  applyTheme(useUi.getState().theme)
  await Promise.all([loadTexts(...parts), initI18n()])
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <Guarded>{app}</Guarded>
    </StrictMode>,
  )
}
