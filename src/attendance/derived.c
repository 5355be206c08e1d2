/* SPDX-License-Identifier: MIT */
/* Records against the events that they rest on: each is derived once more, by the same function as
 * when it was written, and every column that follows from the events is compared. */
#include "attendance/derived.h"

#include "attendance/book.h"
#include "db/tx.h"

struct look {
    struct ctx *ctx;
    struct book book;
    struct session session;
    struct ledger_moves moves;
    struct derived_look *ret;
};

static struct opt_str text_of(struct str s)
{
    return (struct opt_str){.set = true, .v = s};
}

static struct opt_str number_text(struct ctx *ctx, struct opt_i64 v)
{
    if (!v.set)
        return (struct opt_str){0};
    return text_of(arena_printf(&ctx->arena, "%lld", (long long)v.v));
}

static struct opt_str time_text(struct ctx *ctx, struct opt_i64 v)
{
    return v.set ? text_of(time_format(&ctx->arena, v.v)) : (struct opt_str){0};
}

static struct opt_str fraction_text(struct ctx *ctx, struct opt_f64 v)
{
    if (!v.set)
        return (struct opt_str){0};
    return text_of(arena_printf(&ctx->arena, "%.17g", v.v));
}

/* Two rows side by side until a field differs. */
struct pair {
    struct ctx *ctx;
    const struct record_row *stored, *derived;
    struct ledger_difference *d;
    bool found;
};

static void differ(struct pair *p, const char *field, struct opt_str stored, struct opt_str derived)
{
    if (p->found || same_str(stored, derived))
        return;
    p->found = true;
    p->d->field = str_of(field);
    p->d->stored = stored;
    p->d->derived = derived;
}

static void pair_i64(struct pair *p, const char *field, struct opt_i64 stored,
                     struct opt_i64 derived)
{
    if (!same_i64(stored, derived))
        differ(p, field, number_text(p->ctx, stored), number_text(p->ctx, derived));
}

static void pair_time(struct pair *p, const char *field, struct opt_i64 stored,
                      struct opt_i64 derived)
{
    if (!same_i64(stored, derived))
        differ(p, field, time_text(p->ctx, stored), time_text(p->ctx, derived));
}

static void pair_f64(struct pair *p, const char *field, struct opt_f64 stored,
                     struct opt_f64 derived)
{
    differ(p, field, fraction_text(p->ctx, stored), fraction_text(p->ctx, derived));
}

static void pair_minutes(struct pair *p)
{
    const struct record_row *a = p->stored, *b = p->derived;

    pair_i64(p, "minutes_late", a->minutes_late, b->minutes_late);
    pair_i64(p, "minutes_present", a->minutes_present, b->minutes_present);
    pair_time(p, "in_at", a->in_at, b->in_at);
    pair_time(p, "out_at", a->out_at, b->out_at);
}

/* What comes from the event that decided. Without one (the closing of who has no event of it) the
 * record has the time when it was derived, which is no event's. */
static void pair_evidence(struct pair *p, const struct ledger_link *by)
{
    const struct record_row *a = p->stored, *b = p->derived;

    pair_i64(p, "event", a->last_event_id, b->last_event_id);
    differ(p, "method", a->method, b->method);
    if (!by)
        return;
    pair_time(p, "marked_at", a->marked_at, b->marked_at);
    pair_i64(p, "marked_by", a->marked_by, b->marked_by);
    pair_f64(p, "similarity", a->similarity, b->similarity);
    pair_f64(p, "margin", a->margin, b->margin);
    pair_f64(p, "threshold", a->threshold, b->threshold);
    if (by->note.set || !by->note_hash.set) /* an erased note says nothing of the record's */
        differ(p, "note", a->note, b->note);
}

static const struct status_code *code_named(const struct book *b, struct str status,
                                            struct opt_str code)
{
    const struct status_code *all = b->codes.at;

    for (size_t i = 0; i < b->codes.n; i++)
        if (str_eq(all[i].category, status) &&
            (code.set ? str_eq(all[i].code, code.v) : all[i].is_default))
            return &all[i];
    return NULL;
}

/* `\` for the default `/` (code_of_half). Which half of the day it was follows from options, which
 * may have been others then, and from the program: older ones gave `/` all day. */
static bool is_afternoons(const struct book *b, const struct status_code *code)
{
    const struct status_code *all = b->codes.at;

    for (size_t i = 0; i < b->codes.n && str_is(code->code, "\\"); i++)
        if (all[i].is_default && str_is(all[i].code, "/") &&
            str_eq(all[i].category, code->category))
            return true;
    return false;
}

/* Whether the code is what the default of its status gives, or was when the newest event of the
 * page came. */
static bool is_given(const struct book *b, const struct status_code *code,
                     const struct page_of *page, const struct ledger_link *by)
{
    int64_t newest = 0;

    if (!code || (by && by->code.set))
        return false;
    for (size_t i = 0; i < page->n; i++)
        if (page->links[i].id > newest)
            newest = page->links[i].id;
    return code->default_until >= newest || is_afternoons(b, code);
}

/* No code in the record is the default of its status. */
static void pair_code(struct pair *p, const struct book *b, const struct page_of *page,
                      const struct ledger_link *by)
{
    const struct status_code *code = code_named(b, p->stored->status, p->stored->code);
    bool weighs = code && !str_is(p->stored->status, "excused");
    struct opt_str stored = p->stored->code;

    if (!stored.set && code)
        stored = text_of(code->code);
    if (!is_given(b, code, page, by))
        differ(p, "code", stored, p->derived->code);
    pair_i64(p, "weight", some(p->stored->weight), some(weighs ? code->weight : 0));
}

static bool all_old(const struct page_of *page)
{
    for (size_t i = 0; i < page->n; i++)
        if (page->links[i].seq)
            return false;
    return true;
}

/* Whoever was not expected any more when the register was closed, and had no mark, was not in it.
 */
static bool was_left_out(const struct look *l, const struct page_of *page,
                         const struct record_row *stored)
{
    if (!l->book.closed || !str_is(stored->status, "unmarked"))
        return false;
    for (size_t i = 0; i < page->n; i++)
        if (page->links[i].seq > l->moves.closed_seq || str_is(page->links[i].kind, "close"))
            return false;
    return true;
}

/* `stored` is of a student who never had a record when its id is 0. */
static bool differs(struct look *l, const struct record_row *stored, struct ledger_difference *ret)
{
    struct page_of page = book_page(l->ctx, &l->book, stored->student_id);
    bool closed = l->book.closed;
    bool old = stored->id && !stored->reason.set && all_old(&page);
    const struct ledger_link *by;
    struct record_row derived;
    struct pair p = {.ctx = l->ctx, .stored = stored, .derived = &derived, .d = ret};

    if (was_left_out(l, &page, stored))
        l->book.closed = false;
    derived = book_record(l->ctx, &l->book, &page, stored, &by);
    l->book.closed = closed;
    *ret =
        (struct ledger_difference){.session_id = l->session.id, .student_id = stored->student_id};
    if (!page.n && !stored->id)
        return false;
    l->ret->records++;
    l->ret->before += old;
    if (!stored->id)
        differ(&p, "status", (struct opt_str){0}, text_of(derived.status));
    differ(&p, "status", text_of(stored->status), text_of(derived.status));
    if (old)
        return p.found;
    pair_minutes(&p);
    pair_code(&p, &l->book, &page, by);
    differ(&p, "derived", stored->derived, derived.derived);
    differ(&p, "reason", stored->reason, derived.reason);
    pair_evidence(&p, by);
    return p.found;
}

static void note_first(struct look *l, const struct ledger_difference *d)
{
    if (!l->ret->first.session_id)
        l->ret->first = *d;
}

/* Records and events are both by student: who has only one of them is compared with nothing. */
static void compare_all(struct look *l, const struct list *records)
{
    const struct record_row *r = records->at;
    const struct ledger_link *k = l->book.links.at;
    size_t n = l->book.links.n, i = 0, at = 0;

    while (i < records->n || at < n) {
        bool is_record = i < records->n && (at == n || r[i].student_id <= k[at].student_id.v);
        struct record_row row = is_record ? r[i] : record_none(k[at].student_id.v);
        struct ledger_difference d;

        if (differs(l, &row, &d))
            note_first(l, &d);
        i += is_record;
        while (at < n && k[at].student_id.v == row.student_id)
            at++;
    }
}

/* Who may be absent, and what counts, depends on it. */
static void compare_state(struct look *l)
{
    const struct str state = l->book.head.state;

    if (l->moves.state.len && !str_eq(l->moves.state, state))
        note_first(l, &(struct ledger_difference){
                          .session_id = l->session.id,
                          .field = STR("state"),
                          .stored = text_of(state),
                          .derived = text_of(l->moves.state),
                      });
}

static enum err look(struct ctx *ctx, const struct ledger_head *h, const struct list *codes,
                     struct derived_look *ret)
{
    struct look l = {.ctx = ctx, .ret = ret};
    struct list records = {0};
    bool confirmed = str_is(h->state, "confirmed");
    enum err e = ledger_fetch_student(ctx, h->session_id, 0, !confirmed, &l.book.links);

    e = e ? e : records_fetch(ctx, h->session_id, &records);
    e = e ? e : ledger_fetch_moves(ctx, h->session_id, &l.moves);
    if (e)
        return e;
    l.session = (struct session){.id = h->session_id};
    l.book.session = &l.session;
    l.book.head = *h;
    l.book.rule = h->rule;
    l.book.closed = confirmed || str_is(h->state, "closed");
    l.book.codes = *codes;
    compare_state(&l);
    compare_all(&l, &records);
    return ERR_OK;
}

/* What changed between two statements is none: nothing is written while it is looked at again. */
static enum err look_again(struct ctx *ctx, int64_t session_id, struct derived_look *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct ledger_head h = {0};
    struct list codes = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : ledger_lock(ctx, session_id, &h);
    e = e ? e : codes_all(ctx, &codes);
    return e ? e : look(ctx, &h, &codes, ret);
}

enum err derived_check(struct ctx *ctx, int64_t session_id, const struct list *codes,
                       struct derived_look *ret)
{
    struct ledger_head h = {0};
    enum err e = ledger_peek(ctx, session_id, &h);

    *ret = (struct derived_look){0};
    e = e ? e : look(ctx, &h, codes, ret);
    if (e || !ret->first.session_id)
        return e;
    *ret = (struct derived_look){0};
    return look_again(ctx, session_id, ret);
}
