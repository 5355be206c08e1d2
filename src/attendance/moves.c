/* SPDX-License-Identifier: MIT */
/* The register as a whole: opened, closed, confirmed, reopened, and what that does to records. */
#include "attendance/book.h"
#include "db/tx.h"

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

/* Closing: who did not come is absent. Reopening: what came while it was locked counts. */
static enum err derive_all(struct ctx *ctx, struct book *b, enum session_move move)
{
    struct list rows = {0};
    enum err e = attendance_fetch(ctx, b->session, 0, &rows);
    const struct attendance *row = rows.at;

    for (size_t i = 0; !e && i < rows.n; i++) {
        struct page_of page = book_page(ctx, b, row[i].student_id);
        struct record_row r = record_row_of(&row[i]);
        bool changed;

        if (move == SESSION_CLOSE)
            e = close_one(ctx, b, &page, &r);
        else if (page.n)
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
    if (!e && (move == SESSION_CLOSE || move == SESSION_REOPEN))
        e = derive_all(ctx, &b, move);
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

enum err attendance_close(struct ctx *ctx, int64_t session_id, struct session *ret)
{
    return attendance_move(ctx, session_id, SESSION_CLOSE, (struct str){"", 0}, ret);
}
