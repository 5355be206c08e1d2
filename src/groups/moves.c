/* SPDX-License-Identifier: MIT */
/* From one group to another on a day, and the history of that. Registers that were taken stay as
 * they are: nobody moves to a day before them. */
#include "groups/moves.h"

#include "db/tx.h"
#include "groups/groups.h"
#include "groups/groups_store.h"
#include "students/students.h"

#define F(...) FIELD(struct stay, __VA_ARGS__)
static const struct field stay_fields[] = {
    F(id, "Number of the membership", .min = 1, .example = "7"),
    F(group_id, "The group", .min = 1, .example = "2"),
    F(group_code, "Its short name", .max = 40, .example = "\"INF-1A\""),
    F(group_name, "Its full name", .max = 200, .example = "\"Informatique 1A\""),
    F(from, "First day", .format = "date", .max = 10, .example = "\"2026-09-01\""),
    F(to, "The day after the last; null while it goes on", .format = "date", .max = 10,
      .example = "\"2027-01-11\""),
    F(from_day, "First day", .hidden = true),
    F(to_day, "The day after the last", .hidden = true),
};
#undef F
const struct schema stay_schema = SCHEMA(stay, stay_fields);

struct moving {
    const struct student_move *in;
    int64_t day;
};

static enum err is_there(struct ctx *ctx, const char *why)
{
    (void)fail(ctx, ERR_CONFLICT, "%s", why);
    (void)fail_field(ctx, "/to_group_id", "taken", "", "%s", why);
    return ERR_CONFLICT;
}

/* How many memberships hold on the day, and one of them. */
static enum err on_day(struct ctx *ctx, const struct moving *m, size_t *ret_n,
                       struct member_row *ret)
{
    struct opt_i64 named = m->in->from_group_id;
    struct list rows = {0};
    enum err e =
        groups_store_on_day(ctx, m->in->student_id, named.set ? named.v : 0, m->day, &rows);

    *ret_n = 0;
    for (size_t i = 0; !e && i < rows.n; i++) {
        struct member_row *row = (struct member_row *)rows.at + i;
        bool is_over = false;

        e = membership_on(ctx, row, m->day, &is_over);
        if (e || is_over || row->from_day > m->day)
            continue;
        *ret = *row;
        *ret_n += 1;
    }
    return e;
}

/* The membership to end. id 0: there is none, and none was named. */
static enum err find_old(struct ctx *ctx, const struct moving *m, struct member_row *ret)
{
    size_t n = 0;
    enum err e = on_day(ctx, m, &n, ret);

    if (e)
        return e;
    if (n == 0 && m->in->from_group_id.set)
        return fail_field(ctx, "/from_group_id", "not_found", "", "is no group of that day");
    if (n > 1)
        return fail_field(ctx, "/from_group_id", "required", "",
                          "is required: there are several groups that day");
    return ERR_OK;
}

static enum err check_registers(struct ctx *ctx, const struct moving *m, int64_t old_group)
{
    int64_t taken = 0;
    enum err e = groups_store_taken(ctx, m->in->to_group_id, old_group, m->day, &taken);

    if (e || taken == 0)
        return e;
    (void)fail(ctx, ERR_CONFLICT, "registers of these groups were taken since that day");
    (void)fail_field(ctx, "/on", "min", "a later day",
                     "%lld registers of these groups were taken since that day", (long long)taken);
    return ERR_CONFLICT;
}

/* What begins on the very day never was. */
static enum err end_old(struct ctx *ctx, const struct member_row *old, int64_t day)
{
    enum err e;

    if (!old->id)
        return ERR_OK;
    e = groups_store_touch(ctx, old->group_id);
    if (e)
        return e;
    return old->from_day >= day ? groups_store_member_delete(ctx, old->id)
                                : groups_store_member_end(ctx, old->id, day);
}

static enum err move_in_tx(struct ctx *ctx, void *arg)
{
    const struct moving *m = arg;
    struct member_row old = {0};
    struct member_row there;
    /* Holds the student: two moves at once come one after the other. */
    enum err e = student_touch(ctx, m->in->student_id);

    e = e ? e : find_old(ctx, m, &old);
    if (e)
        return e;
    if (old.group_id == m->in->to_group_id)
        return is_there(ctx, "the student is in this group already");
    e = membership_find(
        ctx, &(struct membership_key){m->in->to_group_id, m->in->student_id, m->day}, &there);
    if (!e)
        return is_there(ctx, "the student is in this group then, or will be");
    if (e != ERR_NOT_FOUND)
        return e;
    e = check_registers(ctx, m, old.group_id);
    e = e ? e : end_old(ctx, &old, m->day);
    e = e ? e : groups_store_touch(ctx, m->in->to_group_id);
    return e ? e : groups_store_member_insert(ctx, m->in->to_group_id, m->in->student_id, m->day);
}

enum err group_move_student(struct ctx *ctx, const struct student_move *in, struct membership *ret)
{
    struct moving m = {.in = in};
    struct student s;
    enum err eg, ed;
    enum err e = student_get(ctx, in->student_id, &s);

    if (e)
        return e;
    if (s.archived)
        e = fail_field(ctx, "student_id", "archived", "", "this student is archived");
    eg = group_check_usable(ctx, in->to_group_id, "/to_group_id");
    ed = membership_day(ctx, "/on", in->on, &m.day);
    e = e ? e : eg ? eg : ed;
    e = e ? e : db_transact(ctx, move_in_tx, &m);
    if (e)
        return e;
    *ret = (struct membership){
        .group_id = in->to_group_id,
        .student_id = in->student_id,
        .from = membership_date(ctx, m.day),
    };
    return ERR_OK;
}

enum err group_stays(struct ctx *ctx, const struct stay_filter *filter, struct page *ret)
{
    struct student s;
    enum err e = student_get_for(ctx, filter->student_id, &s);

    e = e ? e : groups_store_stays(ctx, filter, ret);
    for (size_t i = 0; !e && i < ret->items.n; i++) {
        struct stay *stay = (struct stay *)ret->items.at + i;

        stay->from = membership_date(ctx, stay->from_day);
        if (stay->to_day.set && !stay->to_day.null)
            stay->to = (struct opt_str){.set = true, .v = membership_date(ctx, stay->to_day.v)};
    }
    return e;
}
