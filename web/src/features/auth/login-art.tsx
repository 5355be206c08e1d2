/* The brand side of the login page: a class seen from above, one seat being recognised. */
import { useTranslation } from 'react-i18next'

const COLUMNS = 6
const ROWS = 5
const STEP = 62
const SEEN = new Set([0, 2, 3, 5, 7, 8, 10, 12, 13, 15, 17, 18, 21, 22, 23, 25, 28])
const LATE = new Set([9, 26])
const SEATS = Array.from({ length: COLUMNS * ROWS }, (_, seat) => seat)
const FOCUS = { column: 3, row: 2 }

function Seat({ at }: { at: number }) {
  const x = (at % COLUMNS) * STEP + 8
  const y = Math.floor(at / COLUMNS) * STEP + 8
  const seen = SEEN.has(at)
  const late = LATE.has(at)
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width="46" height="46" rx="13" fill={seen ? '#1f7683' : late ? '#8a6424' : '#154750'} />
      <circle cx="23" cy="18" r="7" fill="#fff" opacity={seen || late ? 0.92 : 0.22} />
      <path d="M10 39c2-8 7-11 13-11s11 3 13 11" fill="#fff" opacity={seen || late ? 0.92 : 0.22} />
    </g>
  )
}

export function LoginArt() {
  const { t } = useTranslation()
  const x = FOCUS.column * STEP
  const y = FOCUS.row * STEP
  return (
    <aside
      aria-label={t('app.name')}
      className="relative hidden flex-col justify-between overflow-hidden bg-side p-10 text-white lg:flex xl:p-14"
    >
      <div className="flex items-center gap-3">
        <img src="/favicon.svg" alt="" className="size-10" />
        <span className="font-semibold text-xl">{t('app.name')}</span>
      </div>
      <svg
        aria-hidden="true"
        viewBox={`-10 -10 ${COLUMNS * STEP + 20} ${ROWS * STEP + 20}`}
        className="mx-auto w-full max-w-md"
      >
        {SEATS.map((seat) => (
          <Seat key={seat} at={seat} />
        ))}
        <path
          d={`M${x - 4} ${y + 14}v-10a8 8 0 0 1 8-8h10 M${x + 48} ${y - 4}h10a8 8 0 0 1 8 8v10 M${x + 66} ${y + 48}v10a8 8 0 0 1-8 8h-10 M${x + 14} ${y + 66}h-10a8 8 0 0 1-8-8v-10`}
          fill="none"
          stroke="#8fe3c0"
          strokeWidth="4"
          strokeLinecap="round"
        />
        <g transform={`translate(${x + 52} ${y - 8})`}>
          <circle cx="8" cy="8" r="11" fill="#2fb87c" />
          <path
            d="M3 8.4l3.6 3.6 6.6-7"
            fill="none"
            stroke="#fff"
            strokeWidth="2.6"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </g>
      </svg>
      <div className="max-w-md">
        <p className="font-semibold text-2xl leading-snug">{t('login.claim')}</p>
        <p className="mt-2 text-side-fg">{t('login.claimHint')}</p>
      </div>
    </aside>
  )
}
