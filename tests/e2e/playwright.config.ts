/*
 * End-to-end tests in Debian's Chromium. They run against SP_E2E_URL, or else against a server of their
 * own on a fresh demo school (see school.ts). Files made by a run are in tests/e2e/results.
 */
import { defineConfig } from '@playwright/test'
import { BASE_URL, CLIP, RESULTS } from './paths'

export default defineConfig({
  testDir: '.',
  outputDir: `${RESULTS}/traces`,
  globalSetup: './school.ts',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  /* Of a machine that other programs keep busy; who passes waits for none of it. */
  timeout: 240_000,
  expect: { timeout: 45_000 },
  reporter: [['list']],
  use: {
    baseURL: BASE_URL,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    permissions: ['camera'],
    /* The tracer fetches blob addresses, which the content policy rightly forbids. */
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.SP_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${CLIP}`,
      ],
    },
  },
})
