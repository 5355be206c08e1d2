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

static bool is_there(bool set, bool null)
{
    return set && !null;
}

static bool same_numbers(const struct i64s *a, const struct i64s *b)
{
    for (size_t i = 0; i < a->n; i++) {
        size_t k = 0;

        while (k < b->n && b->at[k] != a->at[i])
            k++;
        if (k == b->n)
            return false;
    }
    return true;
}

static bool same_texts(const struct strs *a, const struct strs *b)
{
    for (size_t i = 0; i < a->n; i++) {
        size_t k = 0;

        while (k < b->n && !str_eq(b->at[k], a->at[i]))
            k++;
        if (k == b->n)
            return false;
    }
    return true;
}

/* Two members of an optional type: `a_` and `b_` are of that type. */
#define SAME_OPT(a_, b_, same_)                                                                    \
    (is_there((a_)->set, (a_)->null) == is_there((b_)->set, (b_)->null) &&                         \
     (!is_there((a_)->set, (a_)->null) || (same_)))

static bool same_optional(const struct field *f, const void *x, const void *y)
{
    const struct opt_bool *ab = x, *bb = y;
    const struct opt_i64 *ai = x, *bi = y;
    const struct opt_f64 *af = x, *bf = y;
    const struct opt_str *as = x, *bs = y;

    if (f->type == FIELD_OPT_BOOL)
        return SAME_OPT(ab, bb, ab->v == bb->v);
    if (f->type == FIELD_OPT_I64)
        return SAME_OPT(ai, bi, ai->v == bi->v);
    if (f->type == FIELD_OPT_F64)
        return SAME_OPT(af, bf, !(af->v < bf->v) && !(af->v > bf->v));
    return SAME_OPT(as, bs, str_eq(as->v, bs->v));
}

static bool same_member(const struct field *f, const void *x, const void *y)
{
    switch (f->type) {
    case FIELD_BOOL:
        return *(const bool *)x == *(const bool *)y;
    case FIELD_I64:
        return *(const int64_t *)x == *(const int64_t *)y;
    case FIELD_F64:
        return !(*(const double *)x < *(const double *)y) &&
               !(*(const double *)x > *(const double *)y);
    case FIELD_STR:
        return str_eq(*(const struct str *)x, *(const struct str *)y);
    case FIELD_OPT_BOOL:
    case FIELD_OPT_I64:
    case FIELD_OPT_F64:
    case FIELD_OPT_STR:
        return same_optional(f, x, y);
    case FIELD_I64S:
        return same_numbers(x, y) && same_numbers(y, x);
    case FIELD_STRS:
        return same_texts(x, y) && same_texts(y, x);
    case FIELD_LIST:
    case FIELD_OBJ:
    case FIELD_JSON:
    case FIELD_FILE:
    case FIELD_FILES:
        break;
    }
    return true;
}

bool schema_same(const struct schema *s, const void *a, const void *b)
{
    bool same = true;

    for (size_t i = 0; same && i < s->n; i++)
        same = same_member(&s->fields[i], field_at_const(&s->fields[i], a),
                           field_at_const(&s->fields[i], b));
    return same;
}

bool one_of_has(const char *const *one_of, struct str v)
{
    for (size_t i = 0; one_of[i]; i++)
        if (str_is(v, one_of[i]))
            return true;
    return false;
}
