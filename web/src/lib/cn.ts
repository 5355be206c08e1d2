import { type ClassValue, clsx } from 'clsx'
import { twMerge } from 'tailwind-merge'

export const cn = (...parts: ClassValue[]) => twMerge(clsx(parts))
