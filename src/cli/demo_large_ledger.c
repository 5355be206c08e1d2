/* SPDX-License-Identifier: MIT */
/* Events and records of the large demo school, chained as the ledger wants them. */
#include "cli/demo_large_ledger.h"

#include <string.h>

#include "attendance/ledger.h"

static bool by_face(const char *method)
{
    return strcmp(method, "kiosk") == 0 || strcmp(method, "self") == 0 ||
           strcmp(method, "class_photo") == 0;
}

static struct opt_i64 some(int64_t v)
{
    return (struct opt_i64){.set = v != 0, .v = v};
}

/* Evidence of a face: alike for the event and its record. */
static void face(const char *method, int64_t dice, struct opt_f64 ret[3])
{
    bool set = by_face(method);

    ret[0] = (struct opt_f64){.set = set, .v = 0.56 + 0.001 * (double)(dice % 300)};
    ret[1] = (struct opt_f64){.set = set, .v = ret[0].v - 0.05 - 0.001 * (double)(dice % 180)};
    ret[2] = (struct opt_f64){.set = set, .v = 0.42};
}

static bool is_word(const char *kind)
{
    return strcmp(kind, "mark") == 0 || strcmp(kind, "change") == 0;
}

void large_event(struct large *l, struct large_session *s, const struct large_entry *e)
{
    struct opt_f64 f[3];
    struct ledger_link k = {
        .id = ++l->n_events,
        .session_id = s->id,
        .uid = arena_printf(&l->pen.arena, "demo-%010lld", (long long)l->n_events),
        .student_id = some(e->student_id),
        .kind = str_of(e->kind),
        .method = str_of(e->method),
        .at = e->at,
        .occurred_at = e->at,
        .direction = STR("in"),
        .facts = e->facts,
        .status_before = str_of(e->before),
        .status_after = str_of(e->after),
        .said = {.set = is_word(e->kind), .v = str_of(e->after)},
        .by_account_id = some(e->by),
        .minutes_late = some(e->late),
        .request_id = STR("demo"),
    };

    face(e->method, l->n_events, f);
    k.similarity = f[0];
    k.margin = f[1];
    k.threshold = f[2];
    ledger_chain(&l->pen, &k, &s->seq, &s->hash);
    large_put(l, LARGE_EVENT,
              ARGS(A(k.id), A(k.session_id), A(k.student_id), A(k.at), A(k.kind), A(k.method),
                   A(k.status_before), A(k.status_after), A(k.minutes_late), A(k.similarity),
                   A(k.margin), A(k.threshold), A(k.by_account_id), A(k.request_id), A(k.uid),
                   A(k.seq), A(k.occurred_at), A(k.facts), A(k.said), A(k.prev_hash), A(k.hash)));
}

void large_record(struct large *l, const struct large_session *s, const struct large_mark *m)
{
    bool counts = strcmp(m->status, "absent") != 0 && strcmp(m->status, "excused") != 0;
    struct opt_f64 f[3];
    struct opt_i64 in_at = {.set = m->came, .v = m->at};
    int64_t from = m->at > s->starts_at ? m->at : s->starts_at;
    struct opt_i64 minutes = {.set = m->came, .v = (s->ends_at - from) / DEMO_MINUTE};

    l->n_records++;
    face(m->method, l->n_events, f);
    large_put(l, LARGE_RECORD,
              ARGS(A(l->n_records), A(s->id), A(m->student_id), A(str_of(m->status)),
                   A(str_of(m->method)), A(m->at), A(some(m->late)), A(f[0]), A(f[1]), A(f[2]),
                   A(some(m->marked_by)), A((struct opt_str){0}), A(l->n_events),
                   A((int64_t)(counts ? 1000 : 0)), A(str_of(m->derived)), A(str_of(m->reason)),
                   A(in_at), A(minutes)));
}
