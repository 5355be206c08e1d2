/* SPDX-License-Identifier: MIT */
/* From stored pairs to what they ask of a match; what people say about a pair. */
#include "enrolment/apart.h"

#include "base/log.h"

#include "db/tx.h"
#include "enrolment/apart_store.h"
#include "students/students.h"

/* How much more a look-alike and each correction ask (docs/models.md). */
static const double look_alike_margin = 0.05;
static const double correction_margin = 0.05, correction_threshold = 0.02;
enum { CORRECTIONS_COUNTED = 3 };

#define F(...) FIELD(struct apart_pair, __VA_ARGS__)
static const struct field pair_fields[] = {
    F(id, "Number of the pair", .required = true),
    F(reason, "They look alike, or somebody was taken for the first", .required = true,
      .one_of = ONE_OF("look_alike", "correction")),
    F(a_student_id, "Student", .required = true),
    F(a_number, "Student number", .required = true, .example = "\"S-0007\""),
    F(a_name, "Student's name", .required = true),
    F(b_student_id, "The other; null: it is not known who was taken for the first",
      .required = true),
    F(b_number, "The other's number", .required = true),
    F(b_name, "The other's name", .required = true),
    F(similarity, "Of their most similar templates, for look-alikes", .required = true,
      .example = "0.47"),
    F(place,
      "What the list is ordered by, descending: the similarity in millionths; above all "
      "others, that of corrections",
      .required = true, .example = "470000"),
    F(times, "How often it was corrected", .required = true),
    F(second_factor, "A face alone does not mark either of them", .required = true),
    F(seen, "Whether an administrator has seen it", .required = true),
    F(more_margin, "Added to the margin between the two", .required = true),
    F(more_threshold, "Added to the similarity asked of either", .required = true),
    F(since, "When it was first found", .required = true, .format = "date-time"),
    F(updated_at, "When it last changed", .required = true, .format = "date-time"),
};
#undef F
const struct schema apart_pair_schema = SCHEMA(apart_pair, pair_fields);

static void ask(struct str reason, int64_t times, double *margin, double *threshold)
{
    double counted = (double)(times < CORRECTIONS_COUNTED ? times : CORRECTIONS_COUNTED);
    bool alike = str_is(reason, "look_alike");

    *margin = alike ? look_alike_margin : correction_margin * counted;
    *threshold = alike ? 0 : correction_threshold * counted;
}

static struct face_apart demand_of(const struct apart_row *row)
{
    struct face_apart out = {
        .a = row->a_student_id, .b = row->b_student_id, .second_factor = row->second_factor};

    ask(row->reason, row->times, &out.more_margin, &out.more_threshold);
    return out;
}

enum err apart_list(struct ctx *ctx, struct face_apart **ret, size_t *n)
{
    struct list rows = {0};
    struct face_apart *out;
    enum err e = apart_fetch(ctx, &rows);

    if (e)
        return e;
    out = ARENA_NEW_N(&ctx->arena, struct face_apart, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        out[i] = demand_of((const struct apart_row *)rows.at + i);
    *ret = out;
    *n = rows.n;
    return ERR_OK;
}

enum err apart_pairs(struct ctx *ctx, const struct apart_query *q, struct page *ret)
{
    enum err e = apart_fetch_page(ctx, &q->page, ret);

    for (size_t i = 0; !e && i < ret->items.n; i++) {
        struct apart_pair *p = (struct apart_pair *)ret->items.at + i;
        ask(p->reason, p->times, &p->more_margin, &p->more_threshold);
    }
    return e;
}

enum err apart_set(struct ctx *ctx, const struct apart_change *in, struct apart_pair *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct apart_pair pair = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : apart_update(ctx, in);
    e = e ? e : apart_fetch_pair(ctx, in->pair_id, &pair);
    e = e ? e : tx_commit(&tx);
    if (e)
        return e;
    ask(pair.reason, pair.times, &pair.more_margin, &pair.more_threshold);
    *ret = pair;
    log_info(ctx, "recognition.pair_changed", LI("pair", in->pair_id),
             LI("second_factor", ret->second_factor));
    return ERR_OK;
}

enum err apart_correct(struct ctx *ctx, const struct apart_correction *c)
{
    cleanup(tx_finish) struct tx tx = {0};
    int64_t other = c->actual_student_id;
    int64_t a = other && other < c->student_id ? other : c->student_id;
    int64_t b = a == c->student_id ? other : c->student_id;
    bool is_new = false;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : student_touch(ctx, a);
    e = e ? e : apart_insert_correction(ctx, c, &is_new);
    if (!e && is_new)
        e = apart_count_correction(ctx, a, b);
    e = e ? e : tx_commit(&tx);
    if (!e && is_new)
        log_info(ctx, "recognition.corrected", LI("event", c->event_id),
                 LI("student", c->student_id));
    return e;
}

enum err apart_threshold(struct ctx *ctx, double *ret)
{
    return apart_fetch_threshold(ctx, ret);
}

enum err apart_set_threshold(struct ctx *ctx, double threshold)
{
    enum err e = apart_store_threshold(ctx, threshold);

    if (!e)
        log_info(ctx, "recognition.threshold_set", LI("account", ctx->actor.user_id),
                 LI("hundredths", (int64_t)(threshold * 100 + 0.5)));
    return e;
}
