/* SPDX-License-Identifier: MIT */
/* One lesson of the large demo school: who came how and when, the ledger of it and the records. */
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"

#include "cli/demo_large.h"
#include "cli/demo_large_ledger.h"

enum {
    LESSON_MIN = 80,
    LATE_MIN = 10,
    ABSENT_MIN = 30,
    CONFIRMED_DAYS = 3,
    LAB = 4,      /* the module of a team that is taught in its laboratory */
    WORKSHOP = 5, /* and the one that is a workshop */
    GROUP_MAX = 64,
};

static const int16_t begins_min[LARGE_PERIODS] = {480, 570, 660, 810, 900, 990};

struct arrival {
    int64_t student; /* 0-based */
    const char *status, *method;
    int64_t at;     /* of the check-in; of an absence the time of closing */
    bool put_right; /* was counted absent, and the trainer said otherwise */
};

/* The same for a student and a day whenever it is asked for: what happens to somebody all day. */
static int64_t fate(const struct large *l, int64_t student, int64_t day, int64_t n)
{
    uint64_t z = (uint64_t)l->demo.seed * 0x9e3779b97f4a7c15U;

    z ^= (uint64_t)student * 0xd1342543de82ef95U + (uint64_t)day * 0xaf251af3b0f025b5U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)n);
}

static int64_t weekday_of(int64_t day)
{
    return (day + 3) % 7;
}

/* Two of six groups are free in each period. */
static bool takes_place(const struct large_lesson *at)
{
    return (at->period + weekday_of(at->day) + at->group) % 3 != 0;
}

static bool is_first_of_day(const struct large_lesson *at)
{
    struct large_lesson first = {.day = at->day, .group = at->group, .period = 0};

    return at->period == (takes_place(&first) ? 0 : 1);
}

/* Thousandths: late and absent. */
static void chances(const struct large *l, const struct large_lesson *at, int64_t student,
                    int64_t *ret_late, int64_t *ret_absent)
{
    static const int64_t usual[][2] = {
        [LARGE_STEADY] = {20, 14},  [LARGE_TARDY] = {150, 40},   [LARGE_AWAY] = {50, 210},
        [LARGE_MONDAYS] = {20, 14}, [LARGE_MORNINGS] = {20, 14},
    };
    enum large_habit habit = l->habits[student];

    *ret_late = usual[habit][0];
    *ret_absent = usual[habit][1];
    if (habit == LARGE_MONDAYS && weekday_of(at->day) == 0)
        *ret_absent = 700;
    if (habit == LARGE_MORNINGS && is_first_of_day(at)) {
        *ret_late = 400;
        *ret_absent = 300;
    }
}

static const char *method_of(struct large *l, int64_t session_dice)
{
    if (demo_dice(&l->demo, 100) < 8)
        return "manual";
    return session_dice < 40   ? "kiosk"
           : session_dice < 65 ? "qr"
           : session_dice < 75 ? "class_photo"
           : session_dice < 85 ? "self"
           : session_dice < 88 ? "device"
                               : "manual";
}

static struct arrival arrival_of(struct large *l, const struct large_lesson *at,
                                 const struct large_session *s, int64_t student)
{
    struct arrival a = {.student = student, .status = "absent", .method = "close"};
    int64_t chance = demo_dice(&l->demo, 1000);
    int64_t second = demo_dice(&l->demo, 60) * 1000;
    int64_t late, absent;

    a.at = s->ends_at - 2 * DEMO_MINUTE;
    if (fate(l, student, at->day, 1000) < 16) {
        if (fate(l, student, at->day, 2) == 0)
            a.status = "excused";
        return a;
    }
    chances(l, at, student, &late, &absent);
    if (chance < absent) {
        a.put_right = demo_dice(&l->demo, 30) == 0;
        return a;
    }
    a.method = method_of(l, s->dice);
    if (chance < absent + late) {
        a.status = "late";
        a.at = s->starts_at +
               (LATE_MIN + 1 + demo_dice(&l->demo, ABSENT_MIN - LATE_MIN - 1)) * DEMO_MINUTE +
               second;
        return a;
    }
    a.status = s->remote ? "remote" : "present";
    a.at = s->starts_at + (demo_dice(&l->demo, 14) - 8) * DEMO_MINUTE + second;
    return a;
}

static int by_time(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->student < y->student ? -1 : x->student > y->student;
}

static int64_t minutes_late(const struct large_session *s, const struct arrival *a)
{
    return (a->at - s->starts_at) / DEMO_MINUTE;
}

/* The events of one student, and the record that follows from them. */
static void put_attended(struct large *l, struct large_session *s, const struct arrival *a)
{
    bool manual = strcmp(a->method, "manual") == 0;
    bool late = strcmp(a->status, "late") == 0;
    struct large_mark m = {
        .student_id = a->student + 1,
        .status = a->status,
        .method = a->method,
        .derived = manual ? "absent" : a->status, /* the register is closed */
        .reason = manual ? "person_said"
                  : late ? "came_late"
                         : "on_time",
        .at = a->at,
        .late = late ? minutes_late(s, a) : 0,
        .came = !manual,
        .marked_by = manual ? s->trainer_account : 0,
    };

    large_event(l, s,
                &(struct large_entry){
                    .student_id = m.student_id,
                    .kind = manual ? "mark" : "check",
                    .method = a->method,
                    .before = "unmarked",
                    .after = a->status,
                    .at = a->at,
                    .late = m.late,
                    .by = m.marked_by,
                    .facts = strcmp(a->method, "self") == 0 ? 5 : 0,
                });
    large_record(l, s, &m);
}

static void put_missing(struct large *l, struct large_session *s, const struct arrival *a)
{
    bool excused = strcmp(a->status, "excused") == 0;
    struct large_mark m = {
        .student_id = a->student + 1,
        .status = a->put_right ? "present" : a->status,
        .method = a->put_right ? "manual"
                  : excused    ? "justification"
                               : "close",
        .derived = "absent",
        .reason = a->put_right ? "person_said"
                  : excused    ? "justified"
                               : "register_closed",
        .at = a->at,
        .marked_by = s->trainer_account,
    };
    struct large_entry e = {
        .student_id = m.student_id,
        .kind = "close",
        .method = "close",
        .before = "unmarked",
        .after = "absent",
        .at = a->at,
        .by = s->trainer_account,
    };

    large_event(l, s, &e);
    if (excused || a->put_right) {
        e.kind = excused ? "excuse" : "change";
        e.method = m.method;
        e.before = "absent";
        e.after = m.status;
        e.at = a->at + (excused ? DEMO_HOUR : 5 * DEMO_MINUTE);
        m.at = e.at;
        large_event(l, s, &e);
    }
    large_record(l, s, &m);
}

static void put_register(struct large *l, struct large_session *s, const char *kind, int64_t at)
{
    large_event(l, s,
                &(struct large_entry){
                    .kind = kind,
                    .method = "manual",
                    .before = "",
                    .after = "",
                    .at = at,
                    .by = s->trainer_account,
                });
}

static void live_through(struct large *l, const struct large_lesson *at, struct large_session *s)
{
    struct arrival all[GROUP_MAX];
    size_t n = 0;
    size_t i = 0;

    for (int64_t k = l->group_from[at->group]; k < l->group_from[at->group + 1]; k++)
        if (n < GROUP_MAX)
            all[n++] = arrival_of(l, at, s, k);
    qsort(all, n, sizeof(*all), by_time);
    put_register(l, s, "opened", s->starts_at - 10 * DEMO_MINUTE);
    for (; i < n && all[i].at < s->ends_at - 2 * DEMO_MINUTE; i++)
        put_attended(l, s, &all[i]);
    put_register(l, s, "closed", s->ends_at - 2 * DEMO_MINUTE);
    for (; i < n; i++)
        put_missing(l, s, &all[i]);
    if (strcmp(s->state, "confirmed") == 0)
        put_register(l, s, "confirmed", s->ends_at + 30 * DEMO_MINUTE);
}

static const char *state_of(struct large *l, int64_t day)
{
    int64_t today = demo_day(l->demo.now);

    if (demo_dice(&l->demo, 100) == 0)
        return "cancelled";
    return day >= today ? "scheduled" : day + CONFIRMED_DAYS < today ? "confirmed" : "closed";
}

static void put_session(struct large *l, const struct large_lesson *at,
                        const struct large_session *s, int64_t who)
{
    int64_t team = at->group / LARGE_TEAM;
    int64_t module = team % LARGE_PROGRAMMES * LARGE_TEAM + who + 1;
    int64_t room = who == LAB ? l->groups + team + 1 : at->group + 1;
    struct opt_str why = {.set = strcmp(s->state, "cancelled") == 0, .v = STR("illness")};

    large_put(l, LARGE_SESSION,
              ARGS(A(s->id), A(module), A(team * LARGE_TEAM + who + 1),
                   A((struct opt_i64){.set = !s->remote, .v = room}), A(s->starts_at),
                   A(s->ends_at), A(l->demo.ctx->services->settings->time_zone),
                   A(str_of(who == LAB        ? "lab"
                            : who == WORKSHOP ? "workshop"
                                              : "course")),
                   A(str_of(s->remote ? "remote" : "in_person")), A(str_of(s->state)), A(why),
                   A(s->starts_at), A(s->seq), A(s->hash)));
    large_put(l, LARGE_SESSION_GROUP, ARGS(A(s->id), A(at->group + 1)));
}

enum err large_add_lesson(struct large *l, const struct large_lesson *at)
{
    /* Within a team and a period nobody is asked for twice. */
    int64_t who = (at->group + weekday_of(at->day) * LARGE_PERIODS + at->period) % LARGE_TEAM;
    struct large_session s = {0};

    if (!takes_place(at))
        return ERR_OK;
    s.id = ++l->n_sessions;
    s.starts_at = demo_local(at->day, begins_min[at->period]);
    s.ends_at = s.starts_at + (int64_t)LESSON_MIN * DEMO_MINUTE;
    s.trainer_account = at->group / LARGE_TEAM * LARGE_TEAM + who + 2;
    s.state = state_of(l, at->day);
    s.remote = who != LAB && demo_dice(&l->demo, 25) == 0;
    s.dice = demo_dice(&l->demo, 100);
    s.hash = STR("");
    if (strcmp(s.state, "closed") == 0 || strcmp(s.state, "confirmed") == 0)
        live_through(l, at, &s);
    put_session(l, at, &s, who);
    return ERR_OK;
}
