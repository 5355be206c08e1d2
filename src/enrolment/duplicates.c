/* SPDX-License-Identifier: MIT */
/* Cases of look-alikes: opened by the engine, judged by people. */
#include "enrolment/duplicates.h"

#include "db/tx.h"
#include "enrolment/duplicates_store.h"
#include "events/events.h"

#define F(...) FIELD(struct duplicate_case, __VA_ARGS__)
static const struct field case_fields[] = {
    F(id, "Number of the case", .required = true, .example = "4"),
    F(student_id, "Who was to be enrolled", .required = true, .example = "31"),
    F(student_number, "The school's own number", .required = true, .example = "\"2026-0031\""),
    F(student_name, "Full name", .required = true, .example = "\"Yacine Brahimi\""),
    F(other_student_id, "The enrolled student", .required = true, .example = "7"),
    F(other_number, "The school's own number", .required = true, .example = "\"2026-0007\""),
    F(other_name, "Full name", .required = true, .example = "\"Amine Brahimi\""),
    F(similarity, "How alike they look", .required = true, .example = "0.61"),
    F(state, "The verdict", .required = true,
      .one_of = ONE_OF("open", "same_person", "different_people")),
    F(opened_at, "When it was noticed first", .required = true, .format = "date-time"),
    F(seen_at, "When it was noticed last", .required = true, .format = "date-time"),
    F(resolved_at, "When it was judged", .required = true, .format = "date-time"),
    F(resolved_by, "Whose account judged", .required = true),
    F(resolved_by_name, "The name of that account", .required = true),
    F(note, "What the judge wrote", .required = true, .max = 500),
};
#undef F
const struct schema duplicate_case_schema = SCHEMA(duplicate_case, case_fields);

struct duplicate_event {
    int64_t case_id, student_id, other_student_id;
    struct str state;
};
#define F(...) FIELD(struct duplicate_event, __VA_ARGS__)
static const struct field event_fields[] = {
    F(case_id, "Number of the case"),
    F(student_id, "Who was to be enrolled"),
    F(other_student_id, "The enrolled student"),
    F(state, "The verdict"),
};
#undef F
static const struct schema event_schema = SCHEMA(duplicate_event, event_fields);

static enum err tell(struct ctx *ctx, int64_t case_id)
{
    struct duplicate_case c = {0};
    struct duplicate_event ev;
    enum err e = duplicate_store_get(ctx, case_id, &c);

    if (e)
        return e;
    ev = (struct duplicate_event){c.id, c.student_id, c.other_student_id, c.state};
    return event_emit(ctx, "duplicate.changed", &event_schema, &ev, (struct audience){0});
}

enum err duplicates_open(struct ctx *ctx, int64_t student_id, const struct look_alike *like,
                         size_t n, int64_t *ret_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    int64_t first = 0;
    enum err e = tx_begin(ctx, &tx);

    for (size_t i = 0; !e && i < n; i++) {
        int64_t id = 0;
        bool is_new = false;

        e = duplicate_store_open(ctx, student_id, &like[i], &id, &is_new);
        if (!e && is_new)
            e = tell(ctx, id);
        first = first ? first : id;
    }
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret_id = first;
    return e;
}

static bool has(struct i64s all, int64_t id)
{
    for (size_t i = 0; i < all.n; i++)
        if (all.at[i] == id)
            return true;
    return false;
}

enum err duplicates_unjudged(struct ctx *ctx, int64_t student_id, struct look_alike *like,
                             size_t *n)
{
    struct i64s different = {0};
    size_t left = 0;
    enum err e = *n ? duplicate_store_different(ctx, student_id, &different) : ERR_OK;

    if (e)
        return e;
    for (size_t i = 0; i < *n; i++)
        if (!has(different, like[i].student_id))
            like[left++] = like[i];
    *n = left;
    return ERR_OK;
}

static enum err judge(struct ctx *ctx, const struct duplicate_case *c, struct str state,
                      struct opt_str note)
{
    enum err e = duplicate_store_judge(ctx, c->id, state, note);

    if (!e && str_is(state, "different_people"))
        e = duplicate_store_keep_apart(ctx, c->student_id, c->other_student_id, c->similarity);
    return e ? e : tell(ctx, c->id);
}

enum err duplicates_accept(struct ctx *ctx, int64_t student_id, const struct look_alike *like,
                           size_t n)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < n; i++) {
        struct duplicate_case c = {.student_id = student_id,
                                   .other_student_id = like[i].student_id,
                                   .similarity = like[i].similarity};
        bool is_new;

        e = duplicate_store_open(ctx, student_id, &like[i], &c.id, &is_new);
        e = e ? e : judge(ctx, &c, STR("different_people"), (struct opt_str){0});
    }
    return e;
}

enum err duplicate_list(struct ctx *ctx, const struct duplicate_filter *filter, struct page *ret)
{
    return duplicate_store_page(ctx, filter, ret);
}

enum err duplicate_resolve(struct ctx *ctx, const struct duplicate_verdict *in,
                           struct duplicate_case *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct duplicate_case c = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : duplicate_store_get(ctx, in->case_id, &c);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, e, "there is no such case");
    e = e ? e : judge(ctx, &c, in->verdict, in->note);
    e = e ? e : duplicate_store_get(ctx, in->case_id, &c);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = c;
    return e;
}
