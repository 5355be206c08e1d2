/* SPDX-License-Identifier: MIT */
/* A person's word: single, for many at once, and taken back. */
#include "attendance/book.h"
#include "attendance/corrections.h"
#include "attendance/show.h"
#include "db/tx.h"

#define F(...) FIELD(struct attendance_bulk_item, __VA_ARGS__)
static const struct field item_fields[] = {
    F(student_id, "Student", .required = true),
    F(outcome, "What became of it; kept: was marked before; unknown: not of this session",
      .required = true, .one_of = ONE_OF("changed", "same", "kept", "unknown")),
    F(record, "The record as it is now", .items = &attendance_schema),
};
#undef F
static const struct schema item_schema = SCHEMA(attendance_bulk_item, item_fields);

#define F(...) FIELD(struct attendance_bulk_answer, __VA_ARGS__)
static const struct field answer_fields[] = {
    F(items, "Each student that was asked for", .required = true, .items = &item_schema),
    F(changed, "How many records changed", .required = true),
};
#undef F
const struct schema attendance_bulk_answer_schema =
    SCHEMA_NAMED("attendance_bulk_answer", attendance_bulk_answer, answer_fields);

static const char *const when_correctable[] = {"open", "closed", NULL};

struct word {
    struct str status;
    struct opt_str code, note;
};

/* A repeated request, whose first answer may have been lost: nothing to change, nothing to tell. */
static bool says_the_same(const struct ctx *ctx, const struct record_row *r, const struct word *w)
{
    return str_eq(r->status, w->status) && r->method.set && str_is(r->method.v, "manual") &&
           r->marked_by.set && r->marked_by.v == ctx->actor.user_id && same_str(r->note, w->note) &&
           (!w->code.set || same_str(r->code, w->code));
}

/* Words follow each other in time, even within a millisecond or when the clock went back: the
 * latest one decides. */
static int64_t word_time(const struct ctx *ctx, const struct page_of *page)
{
    int64_t at = ctx->now;

    for (size_t i = 0; i < page->n; i++)
        if (page->events[i].kind == PRESENCE_WORD && page->events[i].at >= at)
            at = page->events[i].at + 1;
    return at;
}

static enum err check_code(struct ctx *ctx, const struct word *w)
{
    struct status_code code;

    if (!w->code.set)
        return ERR_OK;
    return code_for(ctx, presence_status_of(w->status), w->code.v, "/code", &code);
}

/* `r` is the record before, and after. */
static enum err say(struct ctx *ctx, struct book *b, const struct word *w, int64_t student_id,
                    struct record_row *r)
{
    struct page_of page = book_page(ctx, b, student_id);
    struct ledger_link l = {
        .kind = str_is(r->status, "unmarked") ? STR("mark") : STR("change"),
        .method = STR("manual"),
        .occurred_at = word_time(ctx, &page),
        .said = {.set = true, .v = w->status},
        .code = w->code,
        .note = w->note,
    };
    enum err e = attendance_corrected(ctx, r, student_id, w->status);

    return e ? e : book_write(ctx, b, &page, &l, r);
}

static enum err check_version(struct ctx *ctx, struct opt_i64 asked, int64_t version)
{
    if (!asked.set || asked.v == version)
        return ERR_OK;
    return fail(ctx, ERR_VERSION_MISMATCH, "the mark is at version %lld", (long long)version);
}

/* The student's row, inside the open book. */
static enum err find(struct ctx *ctx, const struct session *s, int64_t student_id,
                     struct attendance *ret)
{
    struct list rows = {0};
    enum err e = attendance_fetch(ctx, s, student_id, &rows);

    if (!e && rows.n == 0)
        e = fail(ctx, ERR_NOT_FOUND, "the student is not of this session");
    if (!e)
        *ret = *(struct attendance *)rows.at;
    return e;
}

static enum err tell(struct ctx *ctx, struct book *b, const char *name, struct attendance *out)
{
    enum err e = book_finish(ctx, b);

    return e ? e : attendance_tell_last(ctx, name, b->session, out);
}

static const char *name_of_change(struct str before)
{
    return str_is(before, "unmarked") ? "attendance.marked" : "attendance.changed";
}

enum err attendance_set(struct ctx *ctx, const struct attendance_mark *in, struct opt_i64 version,
                        struct attendance *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    const struct word w = {in->status, in->code, in->note};
    struct session s = {0};
    struct book b = {0};
    struct record_row r = {0};
    struct attendance out = {0};
    struct str before;
    enum err e = session_find_for(ctx, in->session_id, &s);

    e = e ? e : check_code(ctx, &w);
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : book_open(ctx, &s, in->student_id, &b);
    e = e ? e : session_check_runs(ctx, &s);
    e = e ? e : book_check(ctx, &b, when_correctable);
    e = e ? e : find(ctx, &s, in->student_id, &out);
    e = e ? e : check_version(ctx, version, out.version);
    if (e)
        return e;
    r = record_row_of(&out);
    if (says_the_same(ctx, &r, &w)) {
        attendance_explain(ctx, &b.rule, &out);
        *ret = out;
        return ERR_OK;
    }
    before = r.status;
    e = say(ctx, &b, &w, in->student_id, &r);
    record_row_show(&r, &out);
    attendance_explain(ctx, &b.rule, &out);
    e = e ? e : tell(ctx, &b, name_of_change(before), &out);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = out;
    return e;
}

static bool has(struct i64s all, int64_t id)
{
    for (size_t i = 0; all.at && i < all.n; i++)
        if (all.at[i] == id)
            return true;
    return false;
}

/* Each student once, in the order asked for or of the register. */
static struct i64s asked_for(struct ctx *ctx, const struct attendance_bulk *in,
                             const struct list *rows)
{
    const struct attendance *row = rows->at;
    bool everybody = in->all_but.at != NULL;
    size_t n = everybody ? rows->n : in->student_ids.n;
    struct i64s ids = {ARENA_NEW_N(&ctx->arena, int64_t, n), 0};

    for (size_t i = 0; i < n; i++) {
        int64_t id = everybody ? row[i].student_id : in->student_ids.at[i];

        if (!has(ids, id) && !has(in->all_but, id))
            ids.at[ids.n++] = id;
    }
    return ids;
}

static enum err set_each(struct ctx *ctx, struct book *b, const struct attendance_bulk *in,
                         const struct list *rows, struct attendance_bulk_answer *ret)
{
    const struct word w = {in->status, in->code, in->note};
    struct i64s ids = asked_for(ctx, in, rows);
    struct attendance_bulk_item *items =
        ARENA_NEW_N(&ctx->arena, struct attendance_bulk_item, ids.n);
    enum err e = ERR_OK;

    *ret = (struct attendance_bulk_answer){.items = {items, ids.n}};
    for (size_t i = 0; !e && i < ids.n; i++) {
        const struct attendance *row = attendance_row_of(rows, ids.at[i]);
        struct record_row r;

        items[i] = (struct attendance_bulk_item){.student_id = ids.at[i], .outcome = STR("same")};
        if (!row) {
            items[i].outcome = STR("unknown");
            continue;
        }
        r = record_row_of(row);
        if (in->only_unmarked && !str_is(r.status, "unmarked")) {
            items[i].outcome = STR("kept");
        } else if (!says_the_same(ctx, &r, &w)) {
            items[i].outcome = STR("changed");
            ret->changed++;
            e = say(ctx, b, &w, ids.at[i], &r);
        }
    }
    return e;
}

/* Who is left out by a wrong number would be marked with all others. */
static enum err check_left_out(struct ctx *ctx, const struct i64s *all_but, const struct list *rows)
{
    enum err e = ERR_OK;

    for (size_t i = 0; all_but->at && i < all_but->n; i++)
        if (!attendance_row_of(rows, all_but->at[i]))
            e = fail_field(ctx, arena_printf(&ctx->arena, "/all_but/%zu", i).at, "not_found", "",
                           "is not of this session");
    return e;
}

static enum err tell_each(struct ctx *ctx, struct book *b, const struct list *before,
                          const struct attendance_bulk_answer *answer)
{
    struct attendance_bulk_item *items = answer->items.at;
    struct list rows = {0};
    enum err e = attendance_show(ctx, b->session, 0, &rows);

    for (size_t i = 0; !e && i < answer->items.n; i++) {
        const struct attendance *was = attendance_row_of(before, items[i].student_id);

        items[i].record.at = attendance_row_of(&rows, items[i].student_id);
        if (was && items[i].record.at && str_is(items[i].outcome, "changed"))
            e = attendance_tell(ctx, name_of_change(was->status), b->session, items[i].record.at);
    }
    if (!e && answer->changed)
        e = session_tell(ctx, b->session->id);
    return e;
}

enum err attendance_set_many(struct ctx *ctx, const struct attendance_bulk *in,
                             struct attendance_bulk_answer *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    const struct word w = {in->status, in->code, in->note};
    struct attendance_bulk_answer out = {0};
    struct session s = {0};
    struct book b = {0};
    struct list rows = {0};
    enum err e = session_find_for(ctx, in->session_id, &s);

    if (!e && (in->all_but.at != NULL) == (in->student_ids.at != NULL))
        e = fail_field(ctx, "/student_ids", "required", "",
                       "either student_ids or all_but is required, not both");
    e = e ? e : check_code(ctx, &w);
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : book_open(ctx, &s, 0, &b);
    e = e ? e : session_check_runs(ctx, &s);
    e = e ? e : book_check(ctx, &b, when_correctable);
    e = e ? e : attendance_fetch(ctx, &s, 0, &rows);
    e = e ? e : check_left_out(ctx, &in->all_but, &rows);
    e = e ? e : set_each(ctx, &b, in, &rows, &out);
    e = e ? e : book_finish(ctx, &b);
    e = e ? e : tell_each(ctx, &b, &rows, &out);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = out;
    return e;
}

static struct ledger_link undo_of(const struct page_of *page, size_t i)
{
    const struct ledger_link *l = &page->links[i];

    return (struct ledger_link){
        .kind = STR("undo"),
        .method = STR("manual"),
        .undoes = {.set = true, .v = l->id},
        .undoes_uid = {.set = true, .v = l->uid},
    };
}

/* The newest event without which the record would be another. `page->n`: there is none. */
static size_t undoable(const struct ctx *ctx, const struct book *b, struct page_of *page,
                       const struct record_row *r)
{
    size_t n = page->n;

    for (size_t i = n; i-- > 0;) {
        enum presence_kind kind = page->events[i].kind;
        struct ledger_link undo = undo_of(page, i);
        bool differs;

        /* A closed register has nobody unmarked; an excuse is the reviewers' to take back. */
        if (kind == PRESENCE_UNDO || kind == PRESENCE_EXCUSE || page_undone(page, i) ||
            (kind == PRESENCE_CLOSE && b->closed))
            continue;
        page_add(page, &undo);
        differs = book_differs(ctx, b, page, r);
        page_drop_last(page);
        if (differs)
            return i;
    }
    return n;
}

static enum err undo_last(struct ctx *ctx, struct book *b, int64_t student_id,
                          struct attendance *ret)
{
    struct page_of page = book_page(ctx, b, student_id);
    struct record_row r = {0};
    struct ledger_link undo;
    size_t i;
    enum err e = find(ctx, b->session, student_id, ret);

    if (e)
        return e;
    r = record_row_of(ret);
    i = undoable(ctx, b, &page, &r);
    if (i == page.n && b->closed)
        return fail(ctx, ERR_NOT_FOUND, "absent since the register was closed: set a mark instead");
    if (i == page.n)
        return fail(ctx, ERR_NOT_FOUND, "there is nothing to undo");
    e = attendance_taken_back(ctx, &page.links[i]);
    undo = undo_of(&page, i);
    e = e ? e : book_write(ctx, b, &page, &undo, &r);
    record_row_show(&r, ret);
    attendance_explain(ctx, &b->rule, ret);
    return e;
}

enum err attendance_undo(struct ctx *ctx, int64_t session_id, int64_t student_id,
                         struct attendance *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {0};
    struct book b = {0};
    struct attendance out = {0};
    enum err e = session_find_for(ctx, session_id, &s);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : book_open(ctx, &s, student_id, &b);
    e = e ? e : session_check_runs(ctx, &s);
    e = e ? e : book_check(ctx, &b, when_correctable);
    e = e ? e : undo_last(ctx, &b, student_id, &out);
    e = e ? e : tell(ctx, &b, "attendance.changed", &out);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = out;
    return e;
}
