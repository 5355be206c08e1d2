/* The way back to the page above, over the title. */
import { Link, type LinkProps } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'

export const BackLink = ({ children, ...to }: LinkProps & { children: ReactNode }) => (
  <Link
    {...to}
    className="no-print mb-1 inline-flex items-center gap-1 rounded text-muted text-sm hover:text-fg"
  >
    <ArrowLeft aria-hidden className="flip-rtl size-4" />
    {children}
  </Link>
)
