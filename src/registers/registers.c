/* SPDX-License-Identifier: MIT */
/* Who is told of a register that was not taken, and who may give one to whom. */
#include "registers/registers.h"

#include "db/tx.h"
#include "events/events.h"
#include "registers/registers_store.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

#define F(...) FIELD(struct register_due, __VA_ARGS__)
static const struct field due_fields[] = {
    F(id, "Session", .required = true, .example = "12"),
    F(module_code, "Short name of its module", .required = true, .example = "\"NET-1\""),
    F(module_name, "Its module", .required = true, .example = "\"Networks\""),
    F(group_names, "Its groups", .required = true, .example = "[\"Networks 1A\"]"),
    F(trainer_id, "Trainer who gives it", .required = true),
    F(trainer_name, "Trainer's name", .required = true),
    F(room_name, "Room", .required = true),
    F(starts_at, "Start", .required = true, .format = "date-time"),
    F(ends_at, "End", .required = true, .format = "date-time"),
    F(time_zone, "IANA zone", .required = true),
    F(kind, "Kind", .required = true, .one_of = ONE_OF("course", "lab", "workshop", "exam")),
    F(state, "State", .required = true, .one_of = ONE_OF("scheduled", "open")),
    F(missing, "What was not done", .required = true, .one_of = ONE_OF("opening", "closing")),
    F(expected, "Students expected", .required = true),
    F(marked, "Students with a mark", .required = true),
    F(minutes_overdue, "Minutes since the end, or since the start while it goes on",
      .required = true, .example = "95"),
};
#undef F
const struct schema register_due_schema = SCHEMA(register_due, due_fields);

struct not_taken_event {
    int64_t session_id, trainer_id, starts_at, ends_at;
    struct str module_name, state, told;
    int64_t minutes_overdue;
};
#define F(...) FIELD(struct not_taken_event, __VA_ARGS__)
static const struct field not_taken_fields[] = {
    F(session_id, "Session"),
    F(trainer_id, "Its trainer"),
    F(module_name, "Its module"),
    F(starts_at, "Start", .format = "date-time"),
    F(ends_at, "End", .format = "date-time"),
    F(state, "State"),
    F(told, "Whom this is for: `trainer` or `admins`"),
    F(minutes_overdue, "Minutes since the end"),
};
#undef F
static const struct schema not_taken_schema = SCHEMA(not_taken_event, not_taken_fields);

enum err register_not_taken(struct ctx *ctx, const struct register_due_filter *filter,
                            struct page *ret)
{
    return registers_fetch_due(ctx, filter, ret);
}

/* Said and noted together: who was told is not told again. */
static enum err tell_one(struct ctx *ctx, const struct untold_row *r, const char *who,
                         bool to_trainer)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct not_taken_event ev = {
        .session_id = r->session_id,
        .trainer_id = r->trainer_id,
        .starts_at = r->starts_at,
        .ends_at = r->ends_at,
        .module_name = r->module_name,
        .state = r->state,
        .told = str_of(who),
        .minutes_overdue = (ctx->now - r->ends_at) / MINUTE_MS,
    };
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : registers_store_told(ctx, r->session_id, who);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    e = e ? e
          : event_emit(ctx, "register.not_taken", &not_taken_schema, &ev,
                       (struct audience){.trainer_id = to_trainer ? r->trainer_id : 0});
    return e ? e : tx_commit(&tx);
}

static enum err tell_who(struct ctx *ctx, const char *who, int64_t after_end_ms, bool to_trainer)
{
    struct list rows = {0};
    enum err e = registers_fetch_untold(ctx, who, ctx->now - (int64_t)REGISTER_TELL_DAYS * DAY_MS,
                                        ctx->now - after_end_ms, &rows);

    for (size_t i = 0; !e && i < rows.n; i++)
        e = tell_one(ctx, (const struct untold_row *)rows.at + i, who, to_trainer);
    return e;
}

enum err register_tell(struct ctx *ctx)
{
    enum err e = tell_who(ctx, "trainer", REGISTER_TELL_MIN * MINUTE_MS, true);

    return e ? e : tell_who(ctx, "admins", REGISTER_TELL_HOURS * (int64_t)HOUR_MS, false);
}
