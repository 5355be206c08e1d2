/* The list of students; only what is near the screen is in the page once there are many. */
import { Link } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/queries/auth'
import type { Student } from '@/api/types'
import { Avatar } from '@/components/avatar'
import { Tag } from '@/components/status'
import { orNothing } from '@/lib/forgotten'

const ROW_PX = 61
const VIRTUAL_FROM = 200

function Row({ student, at }: { student: Student; at: number }) {
  const { t } = useTranslation()
  const mayConsent = useMay('consent:give')
  return (
    <tr aria-rowindex={at + 2} className="relative h-[61px] border-line border-t hover:bg-sunk">
      <th scope="row" className="py-2 ps-4 pe-2 text-start font-normal">
        <span className="flex items-center gap-3">
          <Avatar name={student.name} />
          <span className="min-w-0">
            <Link
              to="/students/$studentId"
              params={{ studentId: student.id }}
              className="font-medium after:absolute after:inset-0"
            >
              <bdi>{student.name}</bdi>
            </Link>
            <span className="block text-muted text-sm md:hidden">
              <bdi>{student.group_name}</bdi>
            </span>
          </span>
        </span>
      </th>
      <td className="px-2 text-muted tabular-nums max-md:hidden">
        <bdi>{orNothing(student.student_number) ?? '–'}</bdi>
      </td>
      <td className="px-2 max-md:hidden">
        <bdi>{student.group_name ?? '–'}</bdi>
      </td>
      {mayConsent && (
        <td className="px-2 max-lg:hidden">
          <Tag tone={student.consent ? 'ok' : 'idle'}>
            {t(student.consent ? 'student.consentYes' : 'student.consentNo')}
          </Tag>
        </td>
      )}
      <td className="py-2 ps-2 pe-4 text-end md:text-start">
        <Tag tone={student.enrolled ? 'ok' : 'idle'}>
          {t(student.enrolled ? 'student.enrolledYes' : 'student.enrolledNo')}
        </Tag>
      </td>
    </tr>
  )
}

function Spacer({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden>
      <td colSpan={5} style={{ height }} />
    </tr>
  ) : null
}

function AllRows({ rows }: { rows: readonly Student[] }) {
  return rows.map((student, i) => <Row key={student.id} student={student} at={i} />)
}

function NearRows({ rows, top }: { rows: readonly Student[]; top: number }) {
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: top,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)
  return (
    <>
      <Spacer height={first ? first.start - top : 0} />
      {items.map((item) => {
        const student = rows[item.index]
        return student && <Row key={student.id} student={student} at={item.index} />
      })}
      <Spacer height={last ? virtual.getTotalSize() - (last.end - top) : 0} />
    </>
  )
}

export function StudentTable({ rows }: { rows: readonly Student[] }) {
  const { t } = useTranslation()
  const mayConsent = useMay('consent:give')
  const body = useRef<HTMLTableSectionElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    setTop((body.current?.getBoundingClientRect().top ?? 0) + scrollY)
  }, [])
  return (
    <div className="relative overflow-hidden rounded-xl border border-line bg-panel shadow-card">
      <table aria-rowcount={rows.length + 1} className="w-full border-collapse">
        <caption className="sr-only">{t('students.title')}</caption>
        <thead className="bg-sunk text-muted text-sm">
          <tr aria-rowindex={1}>
            <th scope="col" className="py-2.5 ps-4 pe-2 text-start font-medium">
              {t('students.name')}
            </th>
            <th scope="col" className="px-2 text-start font-medium max-md:hidden">
              {t('students.number')}
            </th>
            <th scope="col" className="px-2 text-start font-medium max-md:hidden">
              {t('students.group')}
            </th>
            {mayConsent && (
              <th scope="col" className="px-2 text-start font-medium max-lg:hidden">
                {t('students.consent')}
              </th>
            )}
            <th scope="col" className="py-2.5 ps-2 pe-4 text-end font-medium md:text-start">
              {t('students.enrolment')}
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.length > VIRTUAL_FROM ? (
            <NearRows rows={rows} top={top} />
          ) : (
            <AllRows rows={rows} />
          )}
        </tbody>
      </table>
    </div>
  )
}
