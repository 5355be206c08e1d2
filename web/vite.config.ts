import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const backend = process.env.SP_DEV_SERVER ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    manifest: true,
    sourcemap: false,
    reportCompressedSize: false,
    /*
     * The start asks for all parts of an application at once. The list of what each lazy page needs
     * would be 1.8 KiB of every page's start.
     */
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, deps, { hostId, hostType }) =>
        hostType === 'html' || hostId.startsWith('assets/start-') ? deps : [],
    },
    rolldownOptions: { output: { entryFileNames: 'assets/start-[hash].js' } },
  },
  server: { proxy: { '/api': { target: backend, ws: true } } },
})
