/* SPDX-License-Identifier: MIT */
/* The one door for check-ins: what is new goes into the ledger, the record follows. */
#include "attendance/intake.h"

#include "attendance/book.h"
#include "attendance/show.h"
#include "db/tx.h"

enum { DOUBLE_MS = 5 * 60 * 1000, UID_MAX = 64 };

static const char *const intake_names[] = {
    [INTAKE_COUNTED] = "counted",   [INTAKE_ALREADY] = "already", [INTAKE_KEPT] = "kept",
    [INTAKE_REPLAYED] = "replayed", [INTAKE_LOCKED] = "locked",   [INTAKE_CONFLICT] = "conflict",
};

const char *intake_name(enum intake i)
{
    return intake_names[i];
}

/* A student's page while several check-ins of one call go onto it. */
struct visitor {
    struct page_of page;
    struct record_row record;
    struct str before; /* its status when the call began */
    bool changed;
};

struct intake_run {
    struct ctx *ctx;
    struct book book;
    struct list rows; /* struct attendance; those of the visitors as they are after it */
    struct visitor *visitors;
    size_t n;
};

static struct str direction_name(enum presence_direction d)
{
    switch (d) {
    case GOING_IN:
        break;
    case GOING_OUT:
        return STR("out");
    case GOING_UNKNOWN:
        return STR("unknown");
    }
    return STR("in");
}

static struct opt_f64 number(double v)
{
    return (struct opt_f64){.set = true, .v = v};
}

static struct ledger_link link_of(const struct ctx *ctx, const struct check_in *c)
{
    const struct attendance_evidence *proof = c->evidence;
    struct ledger_link l = {
        .uid = c->uid,
        .student_id = {.set = true, .v = c->student_id},
        .kind = STR("check"),
        .method = str_of(way_name(c->way)),
        .occurred_at = c->occurred_at ? c->occurred_at : ctx->now,
        .client_at = c->client_at,
        .direction = direction_name(c->direction),
        .facts = c->facts,
        .device_id = {.set = c->device_id != 0, .v = c->device_id},
        .client = {.set = c->client.len > 0, .v = c->client},
        .note = c->note,
    };

    if (c->status.len) {
        l.kind = STR("mark");
        l.method = STR("manual");
        l.said = (struct opt_str){.set = true, .v = c->status};
        l.code = c->code;
    }
    if (!proof)
        return l;
    l.similarity = number(proof->similarity);
    l.margin = number(proof->margin);
    l.threshold = number(proof->threshold);
    l.model = (struct opt_str){.set = proof->model != NULL, .v = str_of(proof->model)};
    l.quality = proof->quality;
    l.liveness = proof->liveness;
    return l;
}

/* The same thing said again by whoever chose the uid. */
static bool same_event(const struct ledger_link *a, const struct ledger_link *b)
{
    return a->session_id == b->session_id && a->student_id.v == b->student_id.v &&
           str_eq(a->kind, b->kind) && str_eq(a->method, b->method) &&
           str_eq(a->direction, b->direction) && a->facts == b->facts &&
           a->occurred_at == b->occurred_at && str_eq(a->said.v, b->said.v) &&
           str_eq(a->code.v, b->code.v);
}

static bool is_standing(const struct page_of *page, size_t i, struct str kind)
{
    return str_eq(page->links[i].kind, kind) && !page_undone(page, i);
}

/* No check-in counts so far. */
static bool does_not_count(const struct visitor *v)
{
    return str_is(v->record.status, "unmarked") ||
           (v->record.method.set && str_is(v->record.method.v, "close"));
}

/* Whether `was` stands and says at least as much as `l` of the same way and direction. */
static bool says_as_much(const struct page_of *page, size_t i, const struct ledger_link *l)
{
    const struct ledger_link *was = &page->links[i];

    return is_standing(page, i, l->kind) && str_eq(was->said.v, l->said.v) &&
           str_eq(was->method, l->method) && str_eq(was->direction, l->direction) &&
           (l->facts & ~was->facts) == 0;
}

/* Whether the page says all of it already. Of the past every event is kept, so that the order in
 * which a queue empties makes no difference; only the very same is said twice. */
static bool is_double(const struct check_in *c, const struct ledger_link *l,
                      const struct visitor *v, bool differs, struct str *ret_uid)
{
    const struct page_of *page = &v->page;
    bool kept = c->belated || c->status.len;

    for (size_t i = page->n; i-- > 0;) {
        const struct ledger_link *was = &page->links[i];
        int64_t apart = l->occurred_at - was->occurred_at;
        bool soon = apart >= 0 && apart < DOUBLE_MS && !does_not_count(v);

        if (!says_as_much(page, i, l))
            continue;
        *ret_uid = was->uid;
        if (kept ? apart == 0 && was->facts == l->facts : !differs || soon)
            return true;
    }
    return false;
}

static struct visitor *visitor_of(struct intake_run *run, int64_t student_id)
{
    const struct attendance *row;
    struct visitor *v;

    for (size_t i = 0; i < run->n; i++)
        if (run->visitors[i].page.student_id == student_id)
            return &run->visitors[i];
    row = attendance_row_of(&run->rows, student_id);
    if (!row)
        return NULL;
    v = &run->visitors[run->n++];
    *v = (struct visitor){
        .page = book_page(run->ctx, &run->book, student_id),
        .record = record_row_of(row),
        .before = row->status,
    };
    return v;
}

/* *known: the uid was here before; nothing is to be written. */
static enum err look_up(struct intake_run *run, const struct ledger_link *l, bool *known,
                        enum intake *ret)
{
    struct ledger_link was = {0};
    enum err e = ledger_find(run->ctx, l->uid, &was);

    *known = !e;
    if (!e)
        *ret = same_event(&was, l) ? INTAKE_REPLAYED : INTAKE_CONFLICT;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static bool is_confirmed(const struct book *b)
{
    return str_is(b->head.state, "confirmed");
}

static enum err write(struct intake_run *run, struct visitor *v, struct ledger_link *l,
                      enum intake *ret)
{
    struct record_row before = v->record;
    enum err e;

    if (is_confirmed(&run->book)) {
        l->status_before = v->record.status;
        l->status_after = v->record.status;
        *ret = INTAKE_LOCKED;
        return book_append(run->ctx, &run->book, l);
    }
    e = book_write(run->ctx, &run->book, &v->page, l, &v->record);
    if (v->record.version != before.version) {
        v->changed = true;
        *ret = INTAKE_COUNTED;
    } else {
        *ret = str_is(v->record.status, "unmarked") ? INTAKE_KEPT : INTAKE_ALREADY;
    }
    return e;
}

static enum err take(struct intake_run *run, const struct check_in *c, struct check_in_result *ret)
{
    struct ledger_link l = link_of(run->ctx, c);
    struct visitor *v = visitor_of(run, c->student_id);
    bool known = false, differs;
    enum err e;

    if (!v)
        return fail(run->ctx, ERR_NOT_FOUND, "student %lld is not of this session",
                    (long long)c->student_id);
    l.session_id = run->book.session->id;
    ret->was_marked = !does_not_count(v);
    if (l.uid.len) {
        e = look_up(run, &l, &known, &ret->intake);
        ret->uid = l.uid;
        if (e || known)
            return e;
    } else {
        l.uid = ledger_uid(run->ctx);
    }
    page_add(&v->page, &l);
    differs = book_differs(run->ctx, &run->book, &v->page, &v->record);
    page_drop_last(&v->page);
    ret->intake = does_not_count(v) ? INTAKE_KEPT : INTAKE_ALREADY;
    if (is_double(c, &l, v, differs, &ret->uid))
        return ERR_OK;
    ret->uid = l.uid;
    e = write(run, v, &l, &ret->intake);
    if (!e && ret->intake == INTAKE_COUNTED && does_not_count(v))
        ret->intake = INTAKE_KEPT;
    return e;
}

static enum err check_state(struct ctx *ctx, const struct book *b, bool belated)
{
    static const char *const now[] = {"open", NULL};
    static const char *const later[] = {"open", "closed", "confirmed", NULL};

    enum err e = session_check_runs(ctx, b->session);

    return e ? e : book_check(ctx, b, belated ? later : now);
}

static enum err check_uid(struct ctx *ctx, struct str uid)
{
    for (size_t i = 0; i < uid.len; i++) {
        char c = uid.at[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == '_' || c == '.' || c == ':' || c == '-'))
            return fail(ctx, ERR_INVALID, "the id of an event has 1 to 64 of A-Z a-z 0-9 _ . : -");
    }
    if (uid.len > UID_MAX)
        return fail(ctx, ERR_INVALID, "the id of an event is longer than 64");
    return ERR_OK;
}

static void show_visitors(struct intake_run *run)
{
    for (size_t i = 0; i < run->n; i++) {
        const struct visitor *v = &run->visitors[i];
        struct attendance *row = attendance_row_of(&run->rows, v->page.student_id);

        if (v->changed)
            record_row_show(&v->record, row);
        attendance_explain(run->ctx, &run->book.rule, row);
    }
}

static enum err tell_changed(struct intake_run *run)
{
    const struct session *s = run->book.session;
    const char *last_name = NULL;
    struct attendance *last = NULL;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < run->n; i++) {
        const struct visitor *v = &run->visitors[i];
        struct attendance *row = attendance_row_of(&run->rows, v->page.student_id);

        if (!v->changed || !row)
            continue;
        if (last)
            e = attendance_tell(run->ctx, last_name, s, last);
        last = row;
        last_name = str_is(v->before, "unmarked") ? "attendance.marked" : "attendance.changed";
    }
    return e || !last ? e : attendance_tell_last(run->ctx, last_name, s, last);
}

static void answer(const struct intake_run *run, const struct check_in *all, size_t n,
                   struct check_in_result *ret)
{
    for (size_t i = 0; i < n; i++) {
        const struct attendance *row = attendance_row_of(&run->rows, all[i].student_id);

        if (row)
            ret[i].record = *row;
    }
}

enum err attendance_check_in(struct ctx *ctx, const struct session *s, const struct check_in *all,
                             size_t n, struct check_in_result *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct intake_run run = {.ctx = ctx};
    int64_t only = n == 1 ? all[0].student_id : 0;
    bool belated = n > 0;
    enum err e = tx_begin(ctx, &tx);

    for (size_t i = 0; i < n; i++) {
        belated = belated && all[i].belated;
        e = e ? e : check_uid(ctx, all[i].uid);
    }
    e = e ? e : book_open(ctx, s, only, &run.book);
    e = e ? e : check_state(ctx, &run.book, belated);
    e = e ? e : attendance_fetch(ctx, s, only, &run.rows);
    if (e)
        return e;
    run.visitors = ARENA_NEW_N(&ctx->arena, struct visitor, n);
    for (size_t i = 0; !e && i < n; i++)
        e = take(&run, &all[i], &ret[i]);
    e = e ? e : book_finish(ctx, &run.book);
    if (!e)
        show_visitors(&run);
    e = e ? e : tell_changed(&run);
    if (e)
        return e;
    answer(&run, all, n, ret);
    return tx_commit(&tx);
}

enum err attendance_checked_in(struct ctx *ctx, const struct session *s, int64_t student_id,
                               struct check_in_result *ret)
{
    struct attendance row = {0};
    bool counts;
    enum err e = attendance_show_one(ctx, s, student_id, &row);

    if (e)
        return e;
    counts = !str_is(row.status, "unmarked") && !(row.method.set && str_is(row.method.v, "close"));
    *ret = (struct check_in_result){
        .intake = counts ? INTAKE_ALREADY : INTAKE_KEPT,
        .was_marked = counts,
        .record = row,
    };
    return ERR_OK;
}
