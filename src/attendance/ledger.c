/* SPDX-License-Identifier: MIT */
/* The exact form of a link, its hash, and the walk along a chain. The form is documented in
 * docs/ledger.md for others to check: it changes only with a new first line. */
#include "attendance/ledger.h"

#include <assert.h>
#include <sodium.h>

#include "base/buf.h"

#include "attendance/derived.h"
#include "attendance/ledger_store.h"

#define FORM "smartpresence-ledger 1\n"

enum { HASH_BYTES = 32, ID_BYTES = 16, FORM_MAX = 1 << 20, PAGE = 500, FAULTS_MAX = 1000 };

#define F(...) FIELD(struct ledger_fault, __VA_ARGS__)
static const struct field fault_fields[] = {
    F(session_id, "Session", .required = true),
    F(seq, "The first link that does not hold", .required = true),
    F(event_id, "Its event; 0 when it is not there", .required = true),
    F(what,
      "hash: the event is not what was hashed; previous: it does not follow from the one before; "
      "missing: it is gone; head: the session knows another end; note: another note",
      .required = true, .one_of = ONE_OF("hash", "previous", "missing", "head", "note")),
};
#undef F
const struct schema ledger_fault_schema = SCHEMA(ledger_fault, fault_fields);

#define F(...) FIELD(struct ledger_difference, __VA_ARGS__)
static const struct field difference_fields[] = {
    F(session_id, "Session", .required = true),
    F(student_id, "Student; 0: the session itself, its state", .required = true),
    F(field, "The first column of the record that differs", .required = true,
      .example = "\"minutes_late\""),
    F(stored, "What the record says, as text; null: nothing, of the status: there is no record",
      .required = true, .example = "\"3\""),
    F(derived, "What follows from the events", .required = true, .example = "\"13\""),
};
#undef F
const struct schema ledger_difference_schema = SCHEMA(ledger_difference, difference_fields);

#define F(...) FIELD(struct ledger_report, __VA_ARGS__)
static const struct field report_fields[] = {
    F(sessions, "Sessions looked at", .required = true),
    F(events, "Events looked at", .required = true),
    F(before, "Events from before there was a ledger: they are not chained", .required = true),
    F(faults, "The first broken link of each session; none: the ledger holds", .required = true,
      .items = &ledger_fault_schema, .max = FAULTS_MAX),
    F(records, "Records that were derived anew and compared", .required = true),
    F(records_before, "Of these, from before there was a ledger: only their status was compared",
      .required = true),
    F(differences,
      "The first record of each session that does not follow from its events; none: all follow",
      .required = true, .items = &ledger_difference_schema, .max = FAULTS_MAX),
};
#undef F
const struct schema ledger_report_schema = SCHEMA(ledger_report, report_fields);

static struct str hex(struct ctx *ctx, const unsigned char *at, size_t n)
{
    char *out = arena_alloc(&ctx->arena, 2 * n + 1);

    sodium_bin2hex(out, 2 * n + 1, at, n);
    return (struct str){out, 2 * n};
}

static struct str blake2b(struct ctx *ctx, struct str text)
{
    unsigned char hash[HASH_BYTES];

    crypto_generichash(hash, sizeof(hash), (const unsigned char *)text.at, text.len, NULL, 0);
    return hex(ctx, hash, sizeof(hash));
}

struct str ledger_root(struct ctx *ctx, int64_t session_id)
{
    return blake2b(ctx, arena_printf(&ctx->arena, FORM "session=%lld\n", (long long)session_id));
}

struct str ledger_uid(struct ctx *ctx)
{
    unsigned char id[ID_BYTES];

    ctx->ports->random(id, sizeof(id));
    return hex(ctx, id, sizeof(id));
}

struct str ledger_note_hash(struct ctx *ctx, struct str salt, struct str note)
{
    return blake2b(ctx, arena_printf(&ctx->arena, "%.*s:%.*s", (int)salt.len, salt.at,
                                     (int)note.len, note.at));
}

/* Texts carry their length in bytes, so that no text can look like two fields. */
static void put_str(struct buf *b, const char *name, struct opt_str v)
{
    if (!v.set || v.null)
        return buf_printf(b, "%s=\n", name);
    buf_printf(b, "%s=%zu:", name, v.v.len);
    buf_str(b, v.v);
    buf_putc(b, '\n');
}

static void put_text(struct buf *b, const char *name, struct str v)
{
    put_str(b, name, (struct opt_str){.set = true, .v = v});
}

static void put_i64(struct buf *b, const char *name, struct opt_i64 v)
{
    if (!v.set || v.null)
        return buf_printf(b, "%s=\n", name);
    buf_printf(b, "%s=%lld\n", name, (long long)v.v);
}

static void put_int(struct buf *b, const char *name, int64_t v)
{
    buf_printf(b, "%s=%lld\n", name, (long long)v);
}

/* 17 significant digits tell every double from every other. */
static void put_f64(struct buf *b, const char *name, struct opt_f64 v)
{
    if (!v.set || v.null)
        return buf_printf(b, "%s=\n", name);
    buf_printf(b, "%s=%.17g\n", name, v.v);
}

static void put_evidence(struct buf *b, const struct ledger_link *l)
{
    put_f64(b, "similarity", l->similarity);
    put_f64(b, "margin", l->margin);
    put_f64(b, "threshold", l->threshold);
    put_f64(b, "quality", l->quality);
    put_f64(b, "liveness", l->liveness);
    put_str(b, "model", l->model);
}

struct str ledger_form(struct ctx *ctx, const struct ledger_link *l)
{
    struct buf b = BUF(FORM_MAX);
    struct str out;

    buf_puts(&b, FORM);
    put_int(&b, "session", l->session_id);
    put_int(&b, "seq", l->seq);
    put_text(&b, "uid", l->uid);
    put_i64(&b, "student", l->student_id);
    put_text(&b, "kind", l->kind);
    put_text(&b, "method", l->method);
    put_int(&b, "at", l->at);
    put_int(&b, "occurred_at", l->occurred_at);
    put_i64(&b, "client_at", l->client_at);
    put_text(&b, "direction", l->direction);
    put_int(&b, "facts", l->facts);
    put_text(&b, "status_before", l->status_before);
    put_text(&b, "status_after", l->status_after);
    put_str(&b, "said", l->said);
    put_str(&b, "code", l->code);
    put_str(&b, "undoes", l->undoes_uid);
    put_i64(&b, "covers_from", l->covers_from);
    put_i64(&b, "covers_to", l->covers_to);
    put_i64(&b, "device", l->device_id);
    put_str(&b, "client", l->client);
    put_i64(&b, "by", l->by_account_id);
    put_i64(&b, "justification", l->justification_id);
    put_i64(&b, "minutes_late", l->minutes_late);
    put_evidence(&b, l);
    put_text(&b, "request", l->request_id);
    put_str(&b, "note", l->note_hash);
    put_text(&b, "previous", l->prev_hash);
    /* Every text in it is bounded far below; half a form must never be hashed. */
    assert(!b.failed);
    out = arena_str(&ctx->arena, buf_view(&b));
    buf_finish(&b);
    return out;
}

struct str ledger_hash(struct ctx *ctx, const struct ledger_link *l)
{
    return blake2b(ctx, ledger_form(ctx, l));
}

void ledger_chain(struct ctx *ctx, struct ledger_link *l, int64_t *seq, struct str *hash)
{
    l->seq = *seq + 1;
    l->prev_hash = *seq ? *hash : ledger_root(ctx, l->session_id);
    if (!l->uid.len)
        l->uid = ledger_uid(ctx);
    if (l->note.set) {
        l->note_salt = (struct opt_str){.set = true, .v = ledger_uid(ctx)};
        l->note_hash =
            (struct opt_str){.set = true, .v = ledger_note_hash(ctx, l->note_salt.v, l->note.v)};
    }
    l->hash = ledger_hash(ctx, l);
    *seq = l->seq;
    *hash = l->hash;
}

static bool note_holds(struct ctx *ctx, const struct ledger_link *l)
{
    if (!l->note.set)
        return true;
    return l->note_hash.set && l->note_salt.set &&
           str_eq(ledger_note_hash(ctx, l->note_salt.v, l->note.v), l->note_hash.v);
}

/* NULL: it holds. */
static const char *judge(struct ctx *ctx, const struct ledger_link *l, int64_t seq, struct str prev)
{
    if (l->seq != seq + 1)
        return "missing";
    if (!str_eq(l->prev_hash, prev))
        return "previous";
    if (!str_eq(ledger_hash(ctx, l), l->hash))
        return "hash";
    return note_holds(ctx, l) ? NULL : "note";
}

struct walk {
    struct ctx scratch; /* memory of its own, given back after each page */
    struct ctx *ctx;
    const struct ledger_wish *wish;
    struct ledger_report *report;
    struct ledger_fault *faults;
    struct ledger_difference *differences;
};

static void found(struct walk *w, int64_t session_id, int64_t seq, int64_t event_id,
                  const char *what)
{
    if (w->report->faults.n < FAULTS_MAX)
        w->faults[w->report->faults.n++] = (struct ledger_fault){
            .session_id = session_id, .seq = seq, .event_id = event_id, .what = str_of(what)};
}

struct place {
    int64_t seq;
    char hash[2 * HASH_BYTES + 1];
    bool broken;
};

static struct str place_hash(const struct place *p)
{
    return str_of(p->hash);
}

static void move_to(struct place *p, const struct ledger_link *l)
{
    size_t n = l->hash.len < sizeof(p->hash) ? l->hash.len : sizeof(p->hash) - 1;

    p->seq = l->seq;
    for (size_t i = 0; i < n; i++)
        p->hash[i] = l->hash.at[i];
    p->hash[n] = '\0';
}

/* One page of links after `p`; *more: there may be others. */
static enum err walk_page(struct walk *w, const struct ledger_head *h, struct place *p, bool *more)
{
    struct list rows = {0};
    enum err e = ledger_fetch_links(&w->scratch, h->session_id, p->seq, h->seq, PAGE, &rows);
    const struct ledger_link *l = rows.at;

    *more = !e && rows.n == PAGE;
    for (size_t i = 0; !e && !p->broken && i < rows.n; i++) {
        struct str prev = p->seq ? place_hash(p) : ledger_root(&w->scratch, h->session_id);
        const char *what = judge(&w->scratch, &l[i], p->seq, prev);

        w->report->events++;
        if (what) {
            p->broken = true;
            found(w, h->session_id, p->seq + 1, l[i].id, what);
        }
        move_to(p, &l[i]);
    }
    arena_reset(&w->scratch.arena);
    return e;
}

static enum err walk_session(struct walk *w, const struct ledger_head *h)
{
    struct place p = {0};
    bool more = true;
    enum err e = ERR_OK;

    while (!e && more && !p.broken)
        e = walk_page(w, h, &p, &more);
    if (e || p.broken)
        return e;
    if (p.seq < h->seq)
        found(w, h->session_id, p.seq + 1, 0, "missing");
    else if (h->seq && !str_eq(place_hash(&p), h->hash))
        found(w, h->session_id, p.seq, 0, "head");
    return ERR_OK;
}

/* What the chain itself cannot see: events that were put beside it. */
static enum err walk_strays(struct walk *w, int64_t first, int64_t last)
{
    struct list rows = {0};
    enum err e = ledger_fetch_strays(&w->scratch, first, last, FAULTS_MAX, &rows);
    const struct ledger_fault *f = rows.at;

    for (size_t i = 0; !e && i < rows.n; i++) {
        bool known = false;

        for (size_t k = 0; k < w->report->faults.n; k++)
            known = known || w->faults[k].session_id == f[i].session_id;
        if (!known)
            found(w, f[i].session_id, f[i].seq, f[i].event_id, f[i].seq ? "head" : "hash");
    }
    arena_reset(&w->scratch.arena);
    return e;
}

static struct opt_str keep(struct ctx *ctx, struct opt_str s)
{
    if (s.set)
        s.v = arena_str(&ctx->arena, s.v);
    return s;
}

/* The second proof: the records follow from the events. */
static enum err derive_session(struct walk *w, int64_t session_id, const struct list *codes)
{
    struct derived_look look = {0};
    struct ledger_report *r = w->report;
    enum err e = derived_check(&w->scratch, session_id, codes, &look);

    r->records += look.records;
    r->records_before += look.before;
    if (!e && look.first.session_id && r->differences.n < FAULTS_MAX) {
        struct ledger_difference *d = &w->differences[r->differences.n++];

        *d = look.first; /* `field` is a constant */
        d->stored = keep(w->ctx, d->stored);
        d->derived = keep(w->ctx, d->derived);
    }
    arena_reset(&w->scratch.arena);
    return e;
}

static void tell_progress(const struct walk *w, int64_t of)
{
    int64_t done = w->report->sessions;

    if (w->wish->progress && (done % 50 == 0 || done == of))
        w->wish->progress(w->wish->arg, done, of);
}

/* `page`'s memory is its own: walking gives the scratch back. */
static enum err walk_heads(struct walk *w, struct ctx *page, const struct list *heads, int64_t of)
{
    const struct ledger_head *h = heads->at;
    struct list codes = {0};
    enum err e = w->wish->chain_only ? ERR_OK : codes_all(page, &codes);

    for (size_t i = 0; !e && i < heads->n; i++) {
        e = walk_session(w, &h[i]);
        if (!e && !w->wish->chain_only)
            e = derive_session(w, h[i].session_id, &codes);
        w->report->sessions++;
        tell_progress(w, of);
    }
    /* Of one page at a time: all of a large school take longer than a statement may. */
    if (!e && heads->n)
        e = walk_strays(w, h[0].session_id, h[heads->n - 1].session_id);
    return e;
}

static enum err walk_all(struct walk *w, int64_t of)
{
    int64_t after = 0;
    struct list heads = {0};
    enum err e;

    do {
        struct ctx page = *w->ctx;

        page.arena = (struct arena){0};
        e = ledger_fetch_heads(&page, w->wish->session_id, after, PAGE, &heads);
        e = e ? e : walk_heads(w, &page, &heads, of);
        if (!e && heads.n)
            after = ((const struct ledger_head *)heads.at)[heads.n - 1].session_id;
        arena_finish(&page.arena);
    } while (!e && heads.n == PAGE);
    return e;
}

enum err ledger_verify(struct ctx *ctx, const struct ledger_wish *wish, struct ledger_report *ret)
{
    struct ledger_report report = {0};
    struct walk w = {.scratch = *ctx, .ctx = ctx, .wish = wish, .report = &report};
    int64_t of = 1;
    enum err e = wish->session_id ? ERR_OK : ledger_count_sessions(ctx, &of);

    w.scratch.arena = (struct arena){0};
    w.faults = ARENA_NEW_N(&ctx->arena, struct ledger_fault, FAULTS_MAX);
    w.differences = ARENA_NEW_N(&ctx->arena, struct ledger_difference, FAULTS_MAX);
    report.faults.at = w.faults;
    report.differences.at = w.differences;
    e = e ? e : walk_all(&w, of);
    e = e ? e : ledger_count_before(ctx, wish->session_id, &report.before);
    report.events += e ? 0 : report.before;
    arena_finish(&w.scratch.arena);
    if (!e && wish->session_id && report.sessions == 0)
        e = fail(ctx, ERR_NOT_FOUND, "there is no session %lld", (long long)wish->session_id);
    if (!e)
        *ret = report;
    return e;
}
