export function StudentsPage() {
  return null
}
