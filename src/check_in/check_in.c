/* SPDX-License-Identifier: MIT */
/* The rules of codes and PINs: who may show them, which are good, and how often one may guess. */
#include "check_in/check_in.h"

#include "base/log.h"
#include "base/settings.h"

#include "check_in/check_in_store.h"
#include "check_in/qr.h"
#include "db/tx.h"

enum { SECOND = 1000 };

const struct schema check_in_words_schema = SCHEMA_NAMED("check_in_words", words, words_fields);

static struct str random_bytes(struct ctx *ctx)
{
    char *at = arena_alloc(&ctx->arena, CODE_SECRET);

    ctx->ports->random(at, CODE_SECRET);
    return (struct str){at, CODE_SECRET};
}

static bool is_whole(const struct session_secret *s)
{
    return s->secret.len == CODE_SECRET && s->client_key.len == CODE_SECRET;
}

/* Makes it when it is not there yet; of two who do so at once both get the same. */
static enum err secret_of(struct ctx *ctx, int64_t session_id, struct session_secret *ret)
{
    struct session_secret made;
    enum err e = check_in_store_secret(ctx, session_id, ret);

    if (e == ERR_NOT_FOUND) {
        made = (struct session_secret){random_bytes(ctx), random_bytes(ctx)};
        e = check_in_store_secret_add(ctx, session_id, &made);
        e = e ? e : check_in_store_secret(ctx, session_id, ret);
    }
    if (!e && !is_whole(ret))
        e = fail(ctx, ERR_INTERNAL, "a session's secret has another length");
    return e;
}

static const unsigned char *bytes(struct str s)
{
    return (const unsigned char *)s.at;
}

static enum err check_open(struct ctx *ctx, const struct session *s)
{
    if (session_is(s, "open"))
        return ERR_OK;
    return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", s->state.at);
}

/* How phones reach the page: public_url, else the address that the server listens on. */
static struct str url_of(struct ctx *ctx, struct str token)
{
    const struct settings *s = ctx->services->settings;
    struct str base = s->public_url;

    while (base.len && base.at[base.len - 1] == '/')
        base.len--;
    if (base.len)
        return arena_printf(&ctx->arena, "%.*s/check-in/code#%s", (int)base.len, base.at, token.at);
    return arena_printf(&ctx->arena, "%s://%s:%lld/check-in/code#%s",
                        s->tls_cert.len ? "https" : "http", s->http_address.at,
                        (long long)s->http_port, token.at);
}

static int64_t seconds_until(const struct ctx *ctx, int64_t then)
{
    return (then - ctx->now + SECOND - 1) / SECOND;
}

static enum err tell(struct ctx *ctx, const struct session *s, const struct session_secret *secret,
                     struct shown_code *ret)
{
    const unsigned char *key = bytes(secret->secret);
    struct presence_ways ways = {0};
    int64_t slot = code_slot(ctx->now);
    int64_t minute = pin_slot(ctx->now);
    enum err e = ways_parse(ctx, s->ways, "ways", &ways);

    if (e)
        return e;
    *ret = (struct shown_code){
        .session_id = s->id,
        .slot = slot,
        .token = code_token(ctx, key, s->id, slot),
        .next_token = code_token(ctx, key, s->id, slot + 1),
        .valid_until = (slot + 1) * CODE_SLOT_MS,
        .pin = pin_of(ctx, key, s->id, minute),
        .pin_valid_until = (minute + 1) * PIN_SLOT_MS,
        .code_counts = ways_allow(&ways, WAY_QR),
        .pin_counts = ways_allow(&ways, WAY_PIN),
    };
    ret->url = url_of(ctx, ret->token);
    ret->next_url = url_of(ctx, ret->next_token);
    ret->seconds_left = seconds_until(ctx, ret->valid_until);
    ret->pin_seconds_left = seconds_until(ctx, ret->pin_valid_until);
    return ERR_OK;
}

static enum err find_shown(struct ctx *ctx, int64_t session_id, struct session *s,
                           struct session_secret *secret)
{
    enum err e = session_find_for(ctx, session_id, s);

    e = e ? e : session_check_runs(ctx, s);
    e = e ? e : check_open(ctx, s);
    return e ? e : secret_of(ctx, session_id, secret);
}

enum err code_show(struct ctx *ctx, int64_t session_id, struct shown_code *ret)
{
    struct session s = {0};
    struct session_secret secret = {0};
    enum err e = find_shown(ctx, session_id, &s, &secret);

    return e ? e : tell(ctx, &s, &secret, ret);
}

enum err code_regenerate(struct ctx *ctx, int64_t session_id, struct shown_code *ret)
{
    struct session s = {0};
    struct session_secret secret = {0};
    enum err e = find_shown(ctx, session_id, &s, &secret);

    secret.secret = random_bytes(ctx);
    e = e ? e : check_in_store_secret_set(ctx, session_id, secret.secret);
    e = e ? e : tell(ctx, &s, &secret, ret);
    if (!e)
        log_info(ctx, "code.regenerated", LI("session", session_id));
    return e;
}

enum err code_draw(struct ctx *ctx, int64_t session_id, int64_t slot, struct str *ret)
{
    struct shown_code c = {0};
    enum err e = code_show(ctx, session_id, &c);

    if (e)
        return e;
    if (slot == c.slot + 1)
        return qr_svg(ctx, c.next_url, ret);
    if (slot && slot != c.slot)
        return fail(ctx, ERR_CODE_EXPIRED, "the code of now is that of slot %lld",
                    (long long)c.slot);
    return qr_svg(ctx, c.url, ret);
}

static bool is_given(struct opt_str mark)
{
    return mark.set && !mark.null && mark.v.len;
}

enum err check_in_client(struct ctx *ctx, int64_t session_id, struct opt_str mark, struct str *ret)
{
    struct session_secret secret = {0};
    enum err e = ERR_OK;

    *ret = (struct str){"", 0};
    if (!is_given(mark))
        return ERR_OK;
    e = secret_of(ctx, session_id, &secret);
    if (!e)
        *ret = code_client(ctx, bytes(secret.client_key), mark.v);
    return e;
}

/* A check-in on its way through the door. */
struct arrival {
    struct session session;
    struct check_in in;
    struct place_finding found;
    const struct code *code; /* NULL: by PIN */
    struct session_secret secret;
    bool again; /* the student has sent this code before */
    struct check_in_result result;
};

static struct str with_place(struct ctx *ctx, const struct place_finding *found, struct str why,
                             uint32_t needed, const char *language)
{
    struct str more = place_why(ctx, found, needed, language);

    if (!more.len)
        return why;
    return arena_printf(&ctx->arena, "%.*s %s", (int)why.len, why.at, more.at);
}

enum err check_in_explain(struct ctx *ctx, const struct session *s, enum presence_way way,
                          const struct check_in_result *r, const struct place_finding *found,
                          struct words *ret)
{
    const struct words *said = r->record.why.at;
    struct presence_ways ways = {0};
    uint32_t needed = 0;
    enum err e = ways_parse(ctx, s->ways, "ways", &ways);

    if (e)
        return e;
    if (r->intake == INTAKE_KEPT)
        needed = ways_needed(&ways, way);
    *ret = (struct words){
        .en = with_place(ctx, found, said->en, needed, "en"),
        .fr = with_place(ctx, found, said->fr, needed, "fr"),
        .ar = with_place(ctx, found, said->ar, needed, "ar"),
    };
    return ERR_OK;
}

static enum err answer(struct ctx *ctx, const struct arrival *a, struct check_in_answer *ret)
{
    const struct check_in_result *r = &a->result;
    struct words *why = ARENA_NEW(&ctx->arena, struct words);
    struct attendance *record = ARENA_NEW(&ctx->arena, struct attendance);
    enum err e = check_in_explain(ctx, &a->session, a->in.way, r, &a->found, why);

    if (e)
        return e;
    *record = r->record;
    *ret = (struct check_in_answer){
        .session_id = a->session.id,
        .module_name = a->session.module_name,
        .intake = str_of(intake_name(r->intake)),
        .reason = r->record.reason,
        .why = {why},
        .record = {record},
        .fence = str_of(place_fence_name(a->found.fence)),
        .in_network = a->found.facts & FACT_SUBNET,
        .already = a->again,
    };
    return ERR_OK;
}

/* Using the code and the check-in: both or neither. */
static enum err pass(struct ctx *ctx, void *arg)
{
    struct arrival *a = arg;
    bool first = true;
    enum err e = ERR_OK;

    if (a->code)
        e = check_in_store_use(ctx, a->code, a->in.student_id, &first);
    a->again = !first;
    return e || a->again ? e : attendance_check_in(ctx, &a->session, &a->in, 1, &a->result);
}

static enum err arrive(struct ctx *ctx, struct arrival *a, const struct place *place,
                       struct opt_str client, struct check_in_answer *ret)
{
    enum err e = place_of_session(ctx, a->session.id, place, &a->found);

    if (e)
        return e;
    if (is_given(client))
        a->in.client = code_client(ctx, bytes(a->secret.client_key), client.v);
    a->in.student_id = ctx->actor.student_id;
    /* Where leaving is checked too, the rules read first and last as in and out. */
    a->in.direction = a->session.check_out ? GOING_UNKNOWN : GOING_IN;
    a->in.facts = a->found.facts;
    a->in.note = place_note(ctx, &a->found);
    if (!a->again)
        e = db_transact(ctx, pass, a);
    if (!e && a->again)
        e = attendance_checked_in(ctx, &a->session, a->in.student_id, &a->result);
    return e ? e : answer(ctx, a, ret);
}

static enum err check_code(struct ctx *ctx, struct str token, struct code *ret,
                           struct session_secret *secret)
{
    enum err e = ERR_NOT_FOUND;

    if (code_read(token, ret))
        e = check_in_store_secret(ctx, ret->session_id, secret);
    if (e && e != ERR_NOT_FOUND)
        return e;
    if (e || !is_whole(secret) || !code_is_genuine(ret, bytes(secret->secret)))
        return fail(ctx, ERR_CODE_WRONG, "no session shows this code");
    return ERR_OK;
}

static enum err check_slot(struct ctx *ctx, const struct code *c)
{
    int64_t now = code_slot(ctx->now);

    if (c->slot > now)
        return fail(ctx, ERR_CODE_WRONG, "this code is not shown yet");
    if (c->slot < now - 1)
        return fail(ctx, ERR_CODE_EXPIRED, "a code is good for 15 to 30 seconds");
    return ERR_OK;
}

enum err check_in_by_code(struct ctx *ctx, const struct code_wish *in, struct check_in_answer *ret)
{
    struct arrival *a = ARENA_NEW(&ctx->arena, struct arrival);
    struct code code = {0};
    enum err e = check_code(ctx, in->token, &code, &a->secret);

    e = e ? e : session_find_for(ctx, code.session_id, &a->session);
    e = e ? e : check_in_store_used(ctx, &code, ctx->actor.student_id, &a->again);
    if (!e && !a->again) {
        e = check_slot(ctx, &code);
        e = e ? e : check_open(ctx, &a->session);
    }
    if (e)
        return e;
    a->code = &code;
    a->in.way = WAY_QR;
    a->in.uid = arena_printf(&ctx->arena, "qr:%lld:%lld:%lld", (long long)code.session_id,
                             (long long)ctx->actor.student_id, (long long)code.slot);
    return arrive(ctx, a, in->place.at, in->client, ret);
}

static enum err check_pin(struct ctx *ctx, const struct pin_wish *in, struct session_secret *secret)
{
    struct pin_try t = {in->session_id, ctx->actor.student_id, PIN_TRIES, PIN_LOCK_MS};
    int64_t since = 0;
    enum err e = check_in_store_secret(ctx, in->session_id, secret);

    if (e == ERR_NOT_FOUND)
        return fail(ctx, ERR_CODE_WRONG, "no PIN is shown for this session");
    e = e ? e : check_in_store_try(ctx, &t, &since);
    if (e == ERR_NOT_FOUND) {
        ctx->fault.retry_after_s = seconds_until(ctx, since + PIN_LOCK_MS);
        return fail(ctx, ERR_TOO_MANY_REQUESTS, "%d wrong PINs; ask the trainer to mark you",
                    PIN_TRIES);
    }
    if (e)
        return e;
    if (!is_whole(secret) ||
        !pin_is_right(bytes(secret->secret), in->session_id, pin_slot(ctx->now), in->pin))
        return fail(ctx, ERR_CODE_WRONG, "this is not the PIN that is shown now");
    return check_in_store_try_forget(ctx, in->session_id, t.student_id);
}

enum err check_in_by_pin(struct ctx *ctx, const struct pin_wish *in, struct check_in_answer *ret)
{
    struct arrival *a = ARENA_NEW(&ctx->arena, struct arrival);
    enum err e = session_find_for(ctx, in->session_id, &a->session);

    e = e ? e : check_open(ctx, &a->session);
    e = e ? e : check_pin(ctx, in, &a->secret);
    if (e)
        return e;
    a->in.way = WAY_PIN;
    return arrive(ctx, a, in->place.at, in->client, ret);
}

enum err check_in_trim(struct ctx *ctx)
{
    const int64_t week_ms = (int64_t)7 * 24 * 3600 * SECOND;

    return check_in_store_forget(ctx, ctx->now - week_ms);
}
