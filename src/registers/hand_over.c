/* SPDX-License-Identifier: MIT */
/* A register goes from one trainer to another; who, when and why is kept. */
#include "base/fold.h"

#include "db/tx.h"
#include "events/events.h"
#include "registers/registers.h"
#include "registers/registers_store.h"

#define F(...) FIELD(struct hand_over, __VA_ARGS__)
static const struct field hand_over_fields[] = {
    F(id, "Number of the hand-over", .required = true),
    F(session_id, "Session", .required = true),
    F(from_trainer_id, "Trainer who had it", .required = true),
    F(from_trainer_name, "Name", .required = true),
    F(to_trainer_id, "Trainer who has it now", .required = true),
    F(to_trainer_name, "Name", .required = true),
    F(reason, "Why", .required = true, .example = "\"ill\""),
    F(by_user_id, "Account that did it", .required = true),
    F(by_name, "Its name", .required = true),
    F(at, "When", .required = true, .format = "date-time"),
};
#undef F
const struct schema hand_over_schema = SCHEMA(hand_over, hand_over_fields);

struct hand_over_event {
    struct obj hand_over;
};
static const struct field handed_fields[] = {
    FIELD(struct hand_over_event, hand_over, "From whom to whom, and why",
          .items = &hand_over_schema),
};
static const struct schema handed_schema = SCHEMA(hand_over_event, handed_fields);

/* Both are told, the one who has it no more as well. */
static enum err tell(struct ctx *ctx, struct hand_over *h)
{
    struct hand_over_event ev = {{h}};
    enum err e = event_emit(ctx, "register.handed_over", &handed_schema, &ev,
                            (struct audience){.trainer_id = h->to_trainer_id});

    return e ? e
             : event_emit(ctx, "register.handed_over", &handed_schema, &ev,
                          (struct audience){.trainer_id = h->from_trainer_id});
}

static enum err check(struct ctx *ctx, const struct session *s, const struct hand_over_new *in)
{
    if (!session_is(s, "scheduled") && !session_is(s, "open"))
        return fail(ctx, ERR_SESSION_STATE, "the register is %s", s->state.at);
    if (str_fold(&ctx->arena, in->reason).len == 0)
        return fail_field(ctx, "/reason", "blank", "", "must not be blank");
    if (s->trainer_id == in->trainer_id)
        return fail_field(ctx, "/trainer_id", "one_of", "", "has this session already");
    return ERR_OK;
}

enum err register_hand_over(struct ctx *ctx, const struct hand_over_new *in, struct hand_over *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    static const char *const states[] = {"scheduled", "open", NULL};
    struct session s = {0};
    struct hand_over h = {.session_id = in->session_id, .reason = in->reason};
    int64_t id = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_get_for(ctx, in->session_id, &s);
    e = e ? e : session_check_runs(ctx, &s);
    e = e ? e : check(ctx, &s, in);
    e = e ? e : session_hold(ctx, &s, states);
    /* Once more: it may have been given away before it was held. */
    e = e ? e : session_get_for(ctx, in->session_id, &s);
    e = e ? e : check(ctx, &s, in);
    if (e == ERR_SESSION_NOT_OPEN) {
        fault_clear(ctx);
        return fail(ctx, ERR_SESSION_STATE, "the register was closed meanwhile");
    }
    if (e)
        return e;
    h.from_trainer_id = s.trainer_id;
    h.to_trainer_id = in->trainer_id;
    e = session_set_trainer(ctx, in->session_id, in->trainer_id);
    e = e ? e : registers_insert_hand_over(ctx, &h, &id);
    e = e ? e : registers_fetch_hand_over(ctx, id, &h);
    e = e ? e : tell(ctx, &h);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = h;
    return e;
}

enum err register_hand_overs(struct ctx *ctx, int64_t session_id, const struct page_query *page,
                             struct page *ret)
{
    struct session s = {0};
    enum err e = session_get_for(ctx, session_id, &s);

    return e ? e : registers_fetch_hand_overs(ctx, session_id, page, ret);
}
