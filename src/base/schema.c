/* SPDX-License-Identifier: MIT */
/* Looking things up in field tables. */
#include "base/schema.h"

const struct field *schema_field(const struct schema *s, struct str name)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (str_is(name, s->fields[i].name))
            return &s->fields[i];
    return NULL;
}

bool field_is_optional(const struct field *f)
{
    return f->type == FIELD_OPT_BOOL || f->type == FIELD_OPT_I64 || f->type == FIELD_OPT_F64 ||
           f->type == FIELD_OPT_STR;
}

bool one_of_has(const char *const *one_of, struct str v)
{
    for (size_t i = 0; one_of[i]; i++)
        if (str_is(v, one_of[i]))
            return true;
    return false;
}
