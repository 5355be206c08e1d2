/* Who was signed in when the server stopped knowing this browser: the page waits for them. */
import { create } from 'zustand'
import type { Me } from '@/api/types'

export const useSignedOut = create<{ was: Me | undefined }>()(() => ({ was: undefined }))
