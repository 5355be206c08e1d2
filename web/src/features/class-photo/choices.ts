/* What the trainer has decided so far, and the answer that follows from it. */
import type { PhotoAnswer, PhotoPerson, PhotoStudent, Proposal } from '@/api/queries/class-photo'

export type Choices = {
  present: ReadonlySet<number> /* of the sure ones and of those not seen */
  who: ReadonlyMap<number, number> /* face of an unsure or unknown person → student */
}

/* Two photos are the same when name, time and size are. */
export const keyOf = (file: File): string => `${file.name} ${file.lastModified} ${file.size}`

/* A person is known by the number of the best face. */
export const faceOf = (person: PhotoPerson): number => person.faces[0]?.face ?? 0

/* The sure ones are chosen, unless somebody has already marked them. */
export function firstChoices(p: Proposal): Choices {
  const sure = p.sure.flatMap(({ student }) => (student ? [student.id] : []))
  return { present: new Set(sure), who: new Map() }
}

export function toggled(c: Choices, student: number): Choices {
  const present = new Set(c.present)
  if (!present.delete(student)) present.add(student)
  return { ...c, present }
}

/* Nobody is two people: who is named for a face is no longer chosen elsewhere. */
export function named(c: Choices, face: number, student: number | undefined): Choices {
  const who = new Map([...c.who].filter(([f, s]) => f !== face && s !== student))
  if (student === undefined) return { ...c, who }
  const present = new Set(c.present)
  present.delete(student)
  return { present, who: who.set(face, student) }
}

export function everybody(p: Proposal): PhotoStudent[] {
  const all = new Map<number, PhotoStudent>()
  for (const { student } of p.sure) if (student) all.set(student.id, student)
  for (const { candidates } of p.unsure)
    for (const { student } of candidates) all.set(student.id, student)
  for (const student of p.absent) all.set(student.id, student)
  return [...all.values()].toSorted((a, b) => a.name.localeCompare(b.name))
}

/* Those who may still be chosen for a face: not the chosen ones, but whom the face has now. */
export function free(p: Proposal, c: Choices, face: number): PhotoStudent[] {
  const taken = new Set([...c.present, ...c.who.values()])
  const own = c.who.get(face)
  return everybody(p).filter((s) => !taken.has(s.id) || s.id === own)
}

/* The list "not seen": everybody who is neither sure nor named for a face. */
export function notSeen(p: Proposal, c: Choices): PhotoStudent[] {
  const seen = new Set(c.who.values())
  for (const { student } of p.sure) if (student) seen.add(student.id)
  return everybody(p).filter((s) => !seen.has(s.id))
}

export const countPresent = (c: Choices): number => c.present.size + c.who.size

export function answerOf(c: Choices): PhotoAnswer {
  return {
    present: [...c.present],
    assignments: [...c.who].map(([face, student_id]) => ({ face, student_id })),
  }
}
