/* SPDX-License-Identifier: MIT */
/* From stored events to the rules' events and back to records. */
#include "attendance/book.h"

#include "base/settings.h"

#include "attendance/intake.h"
#include "presence/half_days.h"

enum err presence_rule_of(struct ctx *ctx, const struct session *s, struct presence_rule *ret)
{
    struct presence_rule rule = {
        .starts_at = s->starts_at,
        .ends_at = s->ends_at,
        .open_before_min = s->open_before_min,
        .late_after_min = s->late_after_min,
        .absent_after_min = s->absent_after_min,
        .min_minutes = s->min_minutes,
        .check_out = s->check_out,
        .remote = str_is(s->mode, "remote"),
        .hybrid = str_is(s->mode, "hybrid"),
    };
    enum err e = ways_parse(ctx, s->ways, "/ways", &rule.ways);

    if (!e)
        *ret = rule;
    return e;
}

void book_set_rule(const struct ctx *ctx, struct book *b, const struct presence_rule *rule)
{
    b->rule = *rule;
    b->afternoon = half_day_is_afternoon(
        half_day_of(ctx_school_zone(ctx), ctx->services->settings->afternoon_min, rule->starts_at));
}

enum err book_open(struct ctx *ctx, const struct session *s, int64_t student_id, struct book *ret)
{
    struct book b = {.session = s};
    enum err e = ledger_lock(ctx, s->id, &b.head);
    bool confirmed;

    if (e)
        return e;
    book_set_rule(ctx, &b, &b.head.rule);
    confirmed = str_is(b.head.state, "confirmed");
    b.closed = confirmed || str_is(b.head.state, "closed");
    b.stored_seq = b.head.seq;
    e = ledger_fetch_student(ctx, s->id, student_id, !confirmed, &b.links);
    e = e ? e : codes_all(ctx, &b.codes);
    if (!e)
        *ret = b;
    return e;
}

enum err book_check(struct ctx *ctx, const struct book *b, const char *const *states)
{
    for (size_t i = 0; states[i]; i++)
        if (str_is(b->head.state, states[i]))
            return ERR_OK;
    return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %.*s", (int)b->head.state.len,
                b->head.state.at);
}

enum err book_finish(struct ctx *ctx, struct book *b)
{
    if (b->head.seq == b->stored_seq)
        return ERR_OK;
    b->stored_seq = b->head.seq;
    return ledger_store_head(ctx, &b->head);
}

static enum presence_direction direction_of(struct str name)
{
    if (str_is(name, "out"))
        return GOING_OUT;
    return str_is(name, "unknown") ? GOING_UNKNOWN : GOING_IN;
}

static enum presence_kind kind_of(const struct ledger_link *l)
{
    if (str_is(l->kind, "check"))
        return PRESENCE_CHECK;
    if (str_is(l->kind, "undo"))
        return PRESENCE_UNDO;
    if (str_is(l->kind, "close"))
        return PRESENCE_CLOSE;
    return str_is(l->kind, "excuse") ? PRESENCE_EXCUSE : PRESENCE_WORD;
}

/* Before the ledger a mark by a face was written down with its status: it is read as a word. */
static struct presence_event event_of(const struct ledger_link *l)
{
    struct presence_event ev = {
        .uid = l->uid,
        .kind = kind_of(l),
        .direction = direction_of(l->direction),
        .facts = (uint32_t)l->facts,
        .at = l->occurred_at,
        .status = presence_status_of(l->said.set ? l->said.v : l->status_after),
        .undoes = l->undoes_uid.v,
        .covers_from = l->covers_from.v,
        .covers_to = l->covers_to.v,
    };

    if (l->code.set)
        ev.code = l->code.v;
    if (ev.kind == PRESENCE_CHECK)
        ev.way = way_of(l->method);
    if (ev.kind == PRESENCE_EXCUSE)
        ev.status = PRESENCE_EXCUSED;
    return ev;
}

/* One place more than `cap` for the closing, which is no link. */
static void page_grow(struct page_of *page, size_t cap)
{
    struct ledger_link *links = ARENA_NEW_N(page->arena, struct ledger_link, cap);
    struct presence_event *events = ARENA_NEW_N(page->arena, struct presence_event, cap + 1);

    for (size_t i = 0; i < page->n; i++) {
        links[i] = page->links[i];
        events[i] = page->events[i];
    }
    page->links = links;
    page->events = events;
    page->scratch = ARENA_NEW_N(page->arena, const struct presence_event *, cap + 1);
    page->cap = cap;
}

void page_add(struct page_of *page, const struct ledger_link *l)
{
    if (page->n == page->cap)
        page_grow(page, 2 * page->cap + 4);
    page->links[page->n] = *l;
    page->events[page->n++] = event_of(l);
}

void page_drop_last(struct page_of *page)
{
    page->n--;
}

struct page_of book_page(struct ctx *ctx, const struct book *b, int64_t student_id)
{
    struct page_of page = {.arena = &ctx->arena, .student_id = student_id};
    const struct ledger_link *all = b->links.at;
    size_t low = 0, high = b->links.n, n = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (all[middle].student_id.v < student_id)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < b->links.n && all[low + n].student_id.v == student_id)
        n++;
    page_grow(&page, n + 2);
    for (size_t i = 0; i < n; i++) {
        struct ledger_link l = all[low + i];

        if (!l.uid.len)
            l.uid = arena_printf(&ctx->arena, "#%lld", (long long)l.id);
        page_add(&page, &l);
    }
    return page;
}

bool page_undone(const struct page_of *page, size_t i)
{
    for (size_t k = 0; k < page->n; k++)
        if (page->events[k].kind == PRESENCE_UNDO &&
            str_eq(page->events[k].undoes, page->events[i].uid))
            return true;
    return false;
}

static bool has_close(const struct page_of *page)
{
    for (size_t i = 0; i < page->n; i++)
        if (page->events[i].kind == PRESENCE_CLOSE && !page_undone(page, i))
            return true;
    return false;
}

void page_derive(const struct book *b, const struct page_of *page, struct presence *ret)
{
    size_t n = page->n;

    /* Of a closed register everybody's day is over, also of who has no event of the closing. */
    if (b->closed && !has_close(page))
        page->events[n++] = (struct presence_event){
            .uid = STR("#closed"), /* no client can choose it */
            .kind = PRESENCE_CLOSE,
            .at = INT64_MAX,
        };
    presence_derive(&b->rule, page->events, n, page->scratch, ret);
}

const struct ledger_link *page_link(const struct page_of *page, const struct presence *p)
{
    size_t i = p->by ? (size_t)(p->by - page->events) : page->n;

    return i < page->n ? &page->links[i] : NULL;
}

static struct opt_i64 unless(int64_t nothing, int64_t v)
{
    return (struct opt_i64){.set = v != nothing, .v = v};
}

static struct opt_str text(const char *c)
{
    return (struct opt_str){.set = true, .v = str_of(c)};
}

/* The code as it is in the list, archived or not; else the category's default. */
static const struct status_code *code_in(const struct book *b, const struct presence *p)
{
    const struct status_code *all = b->codes.at, *found = NULL;
    const char *category = presence_status_name(p->status);

    for (size_t i = 0; i < b->codes.n; i++) {
        if (!str_is(all[i].category, category))
            continue;
        if (p->code.len && str_eq(all[i].code, p->code))
            return &all[i];
        if (all[i].is_default)
            found = &all[i];
    }
    return code_of_half(&b->codes, found, b->afternoon);
}

static struct opt_str method_of(const struct presence *p, const struct ledger_link *by)
{
    if (p->status == PRESENCE_UNMARKED)
        return (struct opt_str){0};
    return by ? (struct opt_str){.set = true, .v = by->method} : text("close");
}

struct record_row book_record(const struct ctx *ctx, const struct book *b,
                              const struct page_of *page, const struct record_row *before,
                              const struct ledger_link **ret_by)
{
    struct presence p = {0};
    const struct ledger_link *by;
    const struct status_code *code;
    struct record_row r;

    page_derive(b, page, &p);
    by = p.status == PRESENCE_UNMARKED ? NULL : page_link(page, &p);
    code = code_in(b, &p);
    r = (struct record_row){
        .id = before->id,
        .version = before->version,
        .student_id = page->student_id,
        .status = str_of(presence_status_name(p.status)),
        .derived = text(presence_status_name(p.derived)),
        .reason = text(presence_reason_name(p.reason)),
        .method = method_of(&p, by),
        .in_at = unless(0, p.in_at),
        .out_at = unless(0, p.out_at),
        .minutes_late = unless(0, p.minutes_late),
        .minutes_present = unless(-1, p.minutes_present),
        .marked_at = some(ctx->now),
    };
    if (code && p.status != PRESENCE_UNMARKED) {
        r.code = (struct opt_str){.set = true, .v = code->code};
        r.weight = p.status == PRESENCE_EXCUSED ? 0 : code->weight;
    }
    if (p.status == PRESENCE_UNMARKED)
        r.marked_at = (struct opt_i64){0};
    *ret_by = by;
    if (!by)
        return r;
    r.note = by->note;
    r.marked_at = some(by->occurred_at);
    r.marked_by = by->by_account_id;
    r.last_event_id = some(by->id);
    r.similarity = by->similarity;
    r.margin = by->margin;
    r.threshold = by->threshold;
    if (!r.minutes_late.set && str_is(r.status, "late"))
        r.minutes_late = by->minutes_late;
    return r;
}

/* What people see of it. */
static bool says_as_much(const struct record_row *a, const struct record_row *b)
{
    return str_eq(a->status, b->status) && same_str(a->code, b->code) && a->weight == b->weight &&
           same_str(a->derived, b->derived) && same_str(a->reason, b->reason) &&
           same_i64(a->in_at, b->in_at) && same_i64(a->out_at, b->out_at) &&
           same_i64(a->minutes_late, b->minutes_late) &&
           same_i64(a->minutes_present, b->minutes_present);
}

static bool same_record(const struct record_row *a, const struct record_row *b)
{
    return says_as_much(a, b) && same_i64(a->last_event_id, b->last_event_id);
}

bool book_differs(const struct ctx *ctx, const struct book *b, const struct page_of *page,
                  const struct record_row *r)
{
    const struct ledger_link *by;
    struct record_row now = book_record(ctx, b, page, r, &by);

    return !same_record(&now, r);
}

struct record_row record_row_of(const struct attendance *r)
{
    return (struct record_row){
        .id = r->id.v,
        .version = r->version,
        .student_id = r->student_id,
        .status = r->status,
        .code = r->code,
        .derived = r->derived,
        .reason = {.set = r->reason.len > 0, .v = r->reason},
        .method = r->method,
        .note = r->note,
        .weight = r->weight,
        .in_at = r->in_at,
        .out_at = r->out_at,
        .minutes_late = r->minutes_late,
        .minutes_present = r->minutes_present,
        .marked_at = r->marked_at,
        .marked_by = r->marked_by,
        .last_event_id = r->last_event_id,
        .similarity = r->similarity,
        .margin = r->margin,
        .threshold = r->threshold,
        .marked_by_name = r->marked_by_name,
    };
}

void record_row_show(const struct record_row *r, struct attendance *ret)
{
    ret->id = some(r->id);
    ret->version = r->version;
    ret->status = r->status;
    ret->code = r->code;
    ret->derived = r->derived;
    ret->reason = r->reason.v;
    ret->method = r->method;
    ret->note = r->note;
    ret->weight = r->weight;
    ret->in_at = r->in_at;
    ret->out_at = r->out_at;
    ret->minutes_late = r->minutes_late;
    ret->minutes_present = r->minutes_present;
    ret->marked_at = r->marked_at;
    ret->marked_by = r->marked_by;
    ret->marked_by_name = r->marked_by_name;
    ret->last_event_id = r->last_event_id;
    ret->similarity = r->similarity;
    ret->margin = r->margin;
    ret->threshold = r->threshold;
}

enum err book_derive(struct ctx *ctx, const struct book *b, const struct page_of *page,
                     struct record_row *r, bool *ret_changed)
{
    const struct ledger_link *by;
    struct record_row now = book_record(ctx, b, page, r, &by);
    enum err e;

    *ret_changed = !same_record(&now, r);
    if (!*ret_changed)
        return ERR_OK;
    e = attendance_store(ctx, b->session->id, &now);
    if (!e)
        *r = now;
    return e;
}

enum err book_append(struct ctx *ctx, struct book *b, struct ledger_link *l)
{
    l->session_id = b->session->id;
    l->at = ctx->now;
    if (!l->occurred_at)
        l->occurred_at = ctx->now;
    if (!l->direction.len)
        l->direction = STR("in");
    if (ctx->actor.user_id)
        l->by_account_id = some(ctx->actor.user_id);
    l->request_id = ctx->request_id;
    ledger_chain(ctx, l, &b->head.seq, &b->head.hash);
    return ledger_insert(ctx, l, &l->id);
}

enum err book_write(struct ctx *ctx, struct book *b, struct page_of *page, struct ledger_link *l,
                    struct record_row *r)
{
    struct presence after = {0};
    bool changed;
    enum err e;

    l->student_id = some(page->student_id);
    l->status_before = r->status;
    if (!l->uid.len)
        l->uid = ledger_uid(ctx);
    if (!l->occurred_at)
        l->occurred_at = ctx->now;
    page_add(page, l);
    page_derive(b, page, &after);
    page_drop_last(page);
    l->status_after = str_of(presence_status_name(after.status));
    l->minutes_late = unless(0, after.minutes_late);
    e = book_append(ctx, b, l);
    if (e)
        return e;
    page_add(page, l);
    return book_derive(ctx, b, page, r, &changed);
}

enum err book_note(struct ctx *ctx, struct book *b, const char *kind, struct str state_before,
                   struct opt_str reason)
{
    struct ledger_link l = {
        .kind = str_of(kind),
        .method = STR("manual"),
        .status_before = state_before,
        .status_after = b->head.state,
        .note = reason,
    };

    return book_append(ctx, b, &l);
}
