/* SPDX-License-Identifier: MIT */
/* Approved justifications in the ledger, and taken back again. */
#include "attendance/book.h"
#include "attendance/intake.h"
#include "attendance/show.h"
#include "db/tx.h"

static bool is_this(const struct ledger_link *l, const struct excuse *x)
{
    return str_is(l->kind, "excuse") && l->justification_id.set &&
           l->justification_id.v == x->justification_id;
}

static bool says_the_same(const struct ledger_link *l, const struct excuse *x)
{
    return l->covers_from.v == x->covers_from && l->covers_to.v == x->covers_to &&
           str_eq(l->code.v, x->code);
}

static struct opt_i64 unless_0(int64_t v)
{
    return (struct opt_i64){.set = v != 0, .v = v};
}

/* Takes back what this justification covered before; *stands: one says exactly what `x` says. */
static enum err take_back(struct ctx *ctx, struct book *b, struct page_of *page,
                          const struct excuse *x, struct record_row *r, bool *stands)
{
    size_t n = page->n;
    enum err e = ERR_OK;

    *stands = false;
    for (size_t i = 0; !e && i < n; i++) {
        struct ledger_link undo;

        if (!is_this(&page->links[i], x) || page_undone(page, i))
            continue;
        if (!x->take_back && says_the_same(&page->links[i], x)) {
            *stands = true;
            continue;
        }
        undo = (struct ledger_link){
            .kind = STR("undo"),
            .method = STR("justification"),
            .justification_id = unless_0(x->justification_id),
            .undoes = {.set = true, .v = page->links[i].id},
            .undoes_uid = {.set = true, .v = page->links[i].uid},
        };
        e = book_write(ctx, b, page, &undo, r);
    }
    return e;
}

static enum err write(struct ctx *ctx, struct book *b, const struct excuse *x, struct record_row *r)
{
    struct page_of page = book_page(ctx, b, x->student_id);
    struct ledger_link l = {
        .kind = STR("excuse"),
        .method = STR("justification"),
        .said = {.set = true, .v = STR("excused")},
        .code = {.set = x->code.len > 0, .v = x->code},
        .covers_from = unless_0(x->covers_from),
        .covers_to = unless_0(x->covers_to),
        .justification_id = unless_0(x->justification_id),
    };
    bool stands = false;
    enum err e = take_back(ctx, b, &page, x, r, &stands);

    return e || stands || x->take_back ? e : book_write(ctx, b, &page, &l, r);
}

static enum err excuse_one(struct ctx *ctx, const struct session *s, const struct excuse *x)
{
    struct book b = {0};
    struct list rows = {0};
    struct record_row r = {0};
    struct attendance shown;
    int64_t version;
    enum err e = book_open(ctx, s, x->student_id, &b);

    e = e ? e : attendance_fetch(ctx, s, x->student_id, &rows);
    if (!e && rows.n == 0)
        e = fail(ctx, ERR_NOT_FOUND, "student %lld is not of session %lld",
                 (long long)x->student_id, (long long)x->session_id);
    if (e)
        return e;
    r = record_row_of(rows.at);
    version = r.version;
    e = write(ctx, &b, x, &r);
    e = e ? e : book_finish(ctx, &b);
    if (e || r.version == version)
        return e;
    e = attendance_show_one(ctx, s, x->student_id, &shown);
    e = e ? e : attendance_tell(ctx, "attendance.changed", s, &shown);
    return e ? e : session_tell(ctx, s->id);
}

/* Whoever decides on a justification need not be the one who runs the session. */
static enum err session_of(struct ctx *ctx, int64_t id, struct session *ret)
{
    struct actor who = ctx->actor;
    enum err e;

    ctx->actor.role = ROLE_ADMIN;
    e = session_get_for(ctx, id, ret);
    ctx->actor = who;
    return e;
}

enum err attendance_excuse(struct ctx *ctx, const struct excuse *all, size_t n)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = tx_begin(ctx, &tx);

    for (size_t i = 0; !e && i < n; i++) {
        struct session s = {0};

        e = session_of(ctx, all[i].session_id, &s);
        if (!e && !session_is(&s, "cancelled"))
            e = excuse_one(ctx, &s, &all[i]);
    }
    return e ? e : tx_commit(&tx);
}
