import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type MadeDevice, useAddDevice } from '@/api/queries/devices'
import { choicesQuery } from '@/api/queries/resources'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFoot } from '@/components/ui/dialog'
import { Field, Input, Select } from '@/components/ui/field'

type Props = { onClose: () => void; onMade: (made: MadeDevice) => void }

export function AddDevice({ onClose, onMade }: Props) {
  const { t } = useTranslation()
  const rooms = useInfiniteQuery(choicesQuery('rooms'))
  const add = useAddDevice()
  const submit = (e: React.FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    const network = String(form.get('network')).trim()
    add.mutate(
      {
        kind: form.get('kind') === 'reader' ? 'reader' : 'kiosk',
        name: String(form.get('name')),
        room_id: Number(form.get('room')),
        ...(network ? { network } : {}),
      },
      { onSuccess: onMade },
    )
  }
  return (
    <Dialog title={t('devices.add')} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t('devices.name')}>
          {(control) => <Input {...control} name="name" required maxLength={100} />}
        </Field>
        <Field label={t('devices.kind')} hint={t('devices.kindHint')}>
          {(control) => (
            <Select {...control} name="kind">
              <option value="kiosk">{t('devices.kiosk')}</option>
              <option value="reader">{t('devices.reader')}</option>
            </Select>
          )}
        </Field>
        <Field label={t('devices.room')}>
          {(control) => (
            <Select {...control} name="room" required>
              {rooms.data?.pages
                .flatMap((p) => p.items)
                .map((room) => (
                  <option key={room.id} value={room.id}>
                    {room.name}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <Field label={t('devices.network')} hint={t('devices.networkHint')}>
          {(control) => <Input {...control} name="network" dir="ltr" maxLength={50} />}
        </Field>
        <ProblemNote error={add.error} />
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={add.isPending}>
            {t('devices.add')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
