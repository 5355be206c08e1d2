/* SPDX-License-Identifier: MIT */
/* The register as a whole: opened, closed, confirmed, reopened, and what that does to records. */
#include "attendance/book.h"
#include "db/tx.h"

#define F(...) FIELD(struct session_step, __VA_ARGS__)
static const struct field step_fields[] = {
    F(id, "Number of the event", .required = true),
    F(seq, "Its place in the session's ledger", .required = true),
    F(at, "When, by the server's clock", .required = true, .format = "date-time"),
    F(kind, "What happened", .required = true,
      .one_of = ONE_OF("opened", "closed", "reopened", "confirmed", "cancelled", "restored",
                       "rescheduled")),
    F(state_before, "State before", .required = true, .example = "\"scheduled\""),
    F(state_after, "State after", .required = true, .example = "\"open\""),
    F(by_user_id, "Account that did it; null: the server", .required = true),
    F(by_name, "Its name", .required = true),
    F(reason, "Why, where a reason is asked for", .required = true),
    F(starts_at, "Of `rescheduled`: the new start", .required = true, .format = "date-time"),
    F(ends_at, "The new end", .required = true, .format = "date-time"),
};
#undef F
const struct schema session_step_schema = SCHEMA(session_step, step_fields);

enum err attendance_history(struct ctx *ctx, int64_t session_id, const struct page_query *q,
                            struct page *ret)
{
    struct session s = {0};
    enum err e = session_get_for(ctx, session_id, &s);

    return e ? e : attendance_fetch_history(ctx, session_id, q, ret);
}

static const char *const kinds[] = {
    [SESSION_OPEN] = "opened",     [SESSION_CLOSE] = "closed", [SESSION_CONFIRM] = "confirmed",
    [SESSION_REOPEN] = "reopened", [SESSION_CANCEL] = NULL,
};

/* The closing is an event of whoever's status it changes. */
static enum err close_one(struct ctx *ctx, struct book *b, struct page_of *page,
                          struct record_row *r)
{
    struct ledger_link l = {.kind = STR("close"), .method = STR("close")};
    struct presence p = {0};
    bool changed;

    page_derive(b, page, &p);
    if (str_is(r->status, presence_status_name(p.status)))
        return book_derive(ctx, b, page, r, &changed);
    return book_write(ctx, b, page, &l, r);
}

/* Who did not come is absent. */
static enum err close_all(struct ctx *ctx, struct book *b)
{
    struct list rows = {0};
    enum err e = attendance_fetch(ctx, b->session, 0, &rows);
    const struct attendance *row = rows.at;

    for (size_t i = 0; !e && i < rows.n; i++) {
        struct page_of page = book_page(ctx, b, row[i].student_id);
        struct record_row r = record_row_of(&row[i]);

        e = close_one(ctx, b, &page, &r);
    }
    return e;
}

static struct record_row row_of(const struct list *records, int64_t student_id)
{
    const struct record_row *r = records->at;
    size_t low = 0, high = records->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (r[middle].student_id < student_id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < records->n && r[low].student_id == student_id)
        return r[low];
    return record_none(student_id);
}

/* Everybody who has events, expected or not: what came while it was locked counts, or the times are
 * others. */
static enum err derive_all(struct ctx *ctx, struct book *b)
{
    struct list records = {0};
    const struct ledger_link *link = b->links.at;
    enum err e = records_fetch(ctx, b->session->id, &records);

    for (size_t i = 0; !e && i < b->links.n; i++) {
        int64_t student = link[i].student_id.v;
        struct page_of page;
        struct record_row r;
        bool changed;

        if (i && link[i - 1].student_id.v == student)
            continue;
        page = book_page(ctx, b, student);
        r = row_of(&records, student);
        e = book_derive(ctx, b, &page, &r, &changed);
    }
    return e;
}

static enum err write_down(struct ctx *ctx, const struct session *s, enum session_move move,
                           struct str before, struct str reason)
{
    struct book b = {0};
    struct opt_str why = {.set = reason.len > 0, .v = reason};
    enum err e = book_open(ctx, s, 0, &b);

    e = e ? e : book_note(ctx, &b, kinds[move], before, why);
    if (!e && move == SESSION_CLOSE)
        e = close_all(ctx, &b);
    if (!e && move == SESSION_REOPEN)
        e = derive_all(ctx, &b);
    return e ? e : book_finish(ctx, &b);
}

enum err attendance_move(struct ctx *ctx, int64_t session_id, enum session_move move,
                         struct str reason, struct session *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {0};
    struct str before;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_get_for(ctx, session_id, &s);
    before = s.state;
    e = e ? e : session_move(ctx, session_id, move, reason, &s);
    if (!e && kinds[move])
        e = write_down(ctx, &s, move, before, str_trim(reason));
    if (!e && (move == SESSION_CLOSE || move == SESSION_REOPEN)) {
        e = session_tell(ctx, session_id);
        e = e ? e : session_get_for(ctx, session_id, &s);
    }
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = s;
    return e;
}

static enum err turned(struct ctx *ctx, int64_t session_id, bool cancelled, struct str state_before,
                       struct str reason)
{
    struct session s = {.id = session_id};
    struct opt_str why = {.set = reason.len > 0, .v = reason};
    struct book b = {0};
    bool begun = false;
    enum err e = ledger_begun(ctx, session_id, &begun);

    if (e || !begun)
        return e;
    e = book_open(ctx, &s, 0, &b);
    e = e ? e : book_note(ctx, &b, cancelled ? "cancelled" : "restored", state_before, why);
    return e ? e : book_finish(ctx, &b);
}

/* The event has the new times; its note the old ones, as an ISO 8601 interval. */
static enum err note_times(struct ctx *ctx, struct book *b, const struct session *s)
{
    const struct presence_rule *was = &b->rule;
    struct ledger_link l = {
        .kind = STR("rescheduled"),
        .method = STR("manual"),
        .status_before = b->head.state,
        .status_after = b->head.state,
        .covers_from = {.set = true, .v = s->starts_at},
        .covers_to = {.set = true, .v = s->ends_at},
        .note = {.set = true,
                 .v =
                     arena_printf(&ctx->arena, "%s/%s", time_format(&ctx->arena, was->starts_at).at,
                                  time_format(&ctx->arena, was->ends_at).at)},
    };

    if (was->starts_at == s->starts_at && was->ends_at == s->ends_at)
        return ERR_OK;
    return book_append(ctx, b, &l);
}

static enum err replanned(struct ctx *ctx, const struct session *s)
{
    struct ledger_head head = {0};
    struct presence_rule rule = {0};
    struct book b = {0};
    enum err e = ledger_lock(ctx, s->id, &head);

    if (e || !head.seq)
        return e;
    e = presence_rule_of(ctx, s, &rule);
    e = e ? e : book_open(ctx, s, 0, &b);
    e = e ? e : note_times(ctx, &b, s);
    book_set_rule(ctx, &b, &rule);
    e = e ? e : derive_all(ctx, &b);
    return e ? e : book_finish(ctx, &b);
}

const struct session_watch attendance_watch = {turned, replanned};

enum err attendance_close(struct ctx *ctx, int64_t session_id, struct session *ret)
{
    return attendance_move(ctx, session_id, SESSION_CLOSE, (struct str){"", 0}, ret);
}
