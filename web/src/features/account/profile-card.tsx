import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe, useUpdateMe } from '@/api/queries/auth'
import { ProblemNote } from '@/components/problem-note'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { Field, Input, Select } from '@/components/ui/field'
import { LANG_NAMES } from '@/lib/i18n'
import { fieldError } from '@/lib/problem-text'
import { toast } from '@/lib/toast'
import { LANGS, type Lang, useUi } from '@/lib/ui-store'
import { timeZones } from '@/lib/zone'

export function ProfileCard() {
  const { t } = useTranslation()
  const me = useMe()
  const lang = useUi((s) => s.lang)
  const setLang = useUi((s) => s.setLang)
  const update = useUpdateMe()
  const [name, setName] = useState(me.name)
  const [zone, setZone] = useState(me.time_zone)
  const [locale, setLocale] = useState<Lang>(lang)
  return (
    <Card>
      <CardHead title={t('account.profile')} hint={<bdi>{me.email}</bdi>} />
      <form
        onSubmit={(e) => {
          e.preventDefault()
          update.mutate(
            { name: name.trim(), locale, time_zone: zone },
            {
              onSuccess: () => {
                setLang(locale, true)
                toast(t('account.saved'), { tone: 'ok' })
              },
            },
          )
        }}
        className="grid gap-4"
      >
        <Field label={t('account.name')} error={fieldError(t, update.error, 'name')}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={200}
              autoComplete="name"
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('prefs.language')} error={fieldError(t, update.error, 'locale')}>
          {(control) => (
            <Select {...control} value={locale} onChange={(e) => setLocale(e.target.value as Lang)}>
              {LANGS.map((l) => (
                <option key={l} value={l} lang={l}>
                  {LANG_NAMES[l]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('account.zone')}
          hint={t('account.zoneHint')}
          error={fieldError(t, update.error, 'time_zone')}
        >
          {(control) => (
            <Select {...control} dir="ltr" value={zone} onChange={(e) => setZone(e.target.value)}>
              {[...new Set([me.time_zone, ...timeZones()])].map((z) => (
                <option key={z} value={z}>
                  {z}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <ProblemNote error={update.error} />
        <div>
          <Button type="submit" variant="primary" busy={update.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
