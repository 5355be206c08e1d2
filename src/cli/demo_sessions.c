/* SPDX-License-Identifier: MIT */
/* The timetable of two weeks, and who came to what is past. */
#include <stdlib.h>

#include "attendance/attendance.h"
#include "cli/demo.h"
#include "face/identify.h"

enum {
    DAYS_AROUND = 7,
    PLANNED_DAYS = 21,
    CANCELLED_PAST = 6, /* the n-th lesson of the past and of the days to come */
    CANCELLED_NEXT = 5,
    NOW_MINUTES = 120,
    OPEN_MINUTES = 60,
    CONFIRMED_DAYS = 3, /* the last registers are closed, but not confirmed yet */
};

/* One thing that happens to a student in the register. */
struct arrival {
    int64_t at;
    size_t student;
    const char *status; /* NULL: does not come */
    const char *note;
    bool by_face;
};

struct lesson_time {
    int64_t starts_at, ends_at;
    int64_t late_after_min, absent_after_min; /* 0: the school's rule */
};

static void as_trainer(struct demo *d, const struct demo_lesson *l, int64_t at)
{
    size_t trainer = (size_t)demo_modules[l->module].trainer;

    d->ctx->now = at < d->now ? at : d->now;
    d->ctx->actor = (struct actor){
        .role = ROLE_TRAINER,
        .user_id = d->trainers[trainer].user_id,
        .trainer_id = d->trainers[trainer].id,
    };
}

static enum err add_session(struct demo *d, const struct demo_lesson *l,
                            const struct lesson_time *t, struct session *ret)
{
    int64_t groups[DEMO_GROUPS];
    struct session_new in = {
        .module_id = d->modules[l->module],
        .trainer_id = d->trainers[demo_modules[l->module].trainer].id,
        .group_ids = {groups, 0},
        .starts_at = t->starts_at,
        .ends_at = t->ends_at,
        .kind = str_of(l->kind),
        .mode = l->room < 0 ? STR("remote") : STR("in_person"),
        .late_after_min = {.set = t->late_after_min > 0, .v = t->late_after_min},
        .absent_after_min = {.set = t->absent_after_min > 0, .v = t->absent_after_min},
    };

    if (t->absent_after_min)
        in.open_before_min = (struct opt_i64){.set = true, .v = 15};
    if (l->room >= 0)
        in.room_id = (struct opt_i64){.set = true, .v = d->rooms[l->room]};
    for (size_t i = 0; i < DEMO_GROUPS; i++)
        if (l->groups & (1U << i))
            groups[in.group_ids.n++] = d->groups[i];
    d->n_sessions++;
    return session_create(d->ctx, &in, ret);
}

/* What a student makes of this lesson. */
static struct arrival arrival_of(struct demo *d, const struct session *s, size_t student)
{
    static const struct {
        int64_t present, late, excused; /* of 1000; the rest stays away */
    } habits[] = {
        [HABIT_STEADY] = {935, 30, 15},
        [HABIT_TARDY] = {720, 220, 20},
        [HABIT_AWAY] = {740, 30, 50},
    };
    static const char *const excuses[] = {"medical certificate", "driving test",
                                          "family matter, announced", "train strike"};
    enum demo_habit habit = demo_students[student].habit;
    int64_t chance = demo_dice(d, 1000);
    int64_t second = demo_dice(d, 60) * 1000;
    struct arrival a = {.student = student, .status = "present"};

    if (chance < habits[habit].present) {
        a.at = s->starts_at + (demo_dice(d, 12) - 4) * DEMO_MINUTE + second;
        a.by_face = d->enrolled[student] && demo_dice(d, 100) < 92;
        return a;
    }
    chance -= habits[habit].present;
    if (chance < habits[habit].late) {
        int64_t span = s->absent_after_min - s->late_after_min - 1;

        a.status = "late";
        a.at = s->starts_at +
               (s->late_after_min + 1 + demo_dice(d, span > 0 ? span : 1)) * DEMO_MINUTE + second;
        a.by_face = d->enrolled[student] && demo_dice(d, 100) < 60;
        return a;
    }
    a.at = s->starts_at + 9 * DEMO_MINUTE + second;
    a.status = NULL;
    if (chance - habits[habit].late < habits[habit].excused) {
        a.status = "excused";
        a.note = excuses[demo_dice(d, COUNT(excuses))];
    }
    return a;
}

static int by_time(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->student < y->student ? -1 : x->student > y->student;
}

static enum err mark_by_hand(struct demo *d, const struct session *s, size_t student,
                             const char *status, const char *note)
{
    struct attendance_mark in = {
        .session_id = s->id,
        .student_id = d->students[student],
        .status = str_of(status),
        .note = {.set = note != NULL, .v = str_of(note)},
    };
    struct attendance out;

    return attendance_set(d->ctx, &in, (struct opt_i64){0}, &out);
}

static enum err mark_by_face(struct demo *d, const struct session *s, size_t student)
{
    struct attendance_evidence evidence = {
        .way = "face",
        .similarity = 0.56 + 0.001 * (double)demo_dice(d, 300),
        .threshold = face_threshold((size_t)s->expected),
        .model = face_model_id(d->ctx->services->models),
    };
    struct attendance out;
    bool already = false;

    evidence.margin = evidence.similarity - 0.05 - 0.001 * (double)demo_dice(d, 180);
    return attendance_mark_face(d->ctx, s, d->students[student], &evidence, &out, &already);
}

/* Somebody is taken for somebody else, and it is put right at once. */
static enum err slip(struct demo *d, const struct demo_lesson *l, const struct session *s,
                     const struct arrival *absent)
{
    struct attendance out;
    enum err e;

    as_trainer(d, l, absent->at);
    e = mark_by_hand(d, s, absent->student, "present", NULL);
    as_trainer(d, l, absent->at + DEMO_MINUTE / 2);
    return e ? e : attendance_undo(d->ctx, s->id, d->students[absent->student], &out);
}

static enum err mark_all(struct demo *d, const struct demo_lesson *l, const struct session *s,
                         const struct arrival *all, size_t n)
{
    bool slips = demo_dice(d, 6) == 0;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < n; i++) {
        if (!all[i].status && slips) {
            slips = false;
            e = slip(d, l, s, &all[i]);
        }
        if (!all[i].status || e)
            continue;
        as_trainer(d, l, all[i].at);
        e = all[i].by_face ? mark_by_face(d, s, all[i].student)
                           : mark_by_hand(d, s, all[i].student, all[i].status, all[i].note);
    }
    return e;
}

/* The register from its opening to the last arrival. `late_comer` is still on the way: -1 nobody.
 */
static enum err open_session(struct demo *d, const struct demo_lesson *l, struct session *s,
                             struct arrival *all, size_t *ret_n)
{
    size_t n = 0;
    enum err e;

    as_trainer(d, l, s->starts_at - (6 + demo_dice(d, 4)) * DEMO_MINUTE);
    e = attendance_move(d->ctx, s->id, SESSION_OPEN, STR(""), s);
    for (size_t i = 0; i < DEMO_STUDENTS; i++)
        if (l->groups & (1U << demo_students[i].group))
            all[n++] = arrival_of(d, s, i);
    qsort(all, n, sizeof(*all), by_time);
    *ret_n = n;
    return e;
}

/* A paper that comes after the lesson: absent becomes excused, both values are kept. */
static enum err correct(struct demo *d, const struct demo_lesson *l, const struct session *s,
                        const struct arrival *all, size_t n)
{
    if (demo_dice(d, 2) == 0)
        return ERR_OK;
    for (size_t i = 0; i < n; i++) {
        if (all[i].status)
            continue;
        as_trainer(d, l, s->ends_at + 20 * DEMO_MINUTE);
        return mark_by_hand(d, s, all[i].student, "excused", "certificate handed in later");
    }
    return ERR_OK;
}

static enum err live_through(struct demo *d, const struct demo_lesson *l, struct session *s,
                             bool confirm)
{
    struct arrival all[DEMO_STUDENTS];
    size_t n = 0;
    enum err e = open_session(d, l, s, all, &n);

    e = e ? e : mark_all(d, l, s, all, n);
    as_trainer(d, l, s->ends_at - demo_dice(d, 4) * DEMO_MINUTE);
    e = e ? e : attendance_close(d->ctx, s->id, s);
    e = e ? e : correct(d, l, s, all, n);
    as_trainer(d, l, s->ends_at + 30 * DEMO_MINUTE);
    if (!e && confirm)
        e = attendance_move(d->ctx, s->id, SESSION_CONFIRM, STR(""), s);
    return e;
}

/* Under way: everybody is marked but the first of the group and who does not come at all. */
static enum err add_open(struct demo *d, int64_t ends_at)
{
    const struct demo_lesson *l = &demo_lesson_open;
    struct lesson_time t = {ends_at - OPEN_MINUTES * DEMO_MINUTE, ends_at, 10, OPEN_MINUTES + 30};
    struct arrival all[DEMO_STUDENTS];
    struct session s;
    size_t n = 0;
    enum err e;

    demo_as_admin(d, d->now - DEMO_DAY);
    e = add_session(d, l, &t, &s);
    e = e ? e : open_session(d, l, &s, all, &n);
    for (size_t i = 0; i < n; i++) {
        bool first = all[i].student == 0 ||
                     demo_students[all[i].student].group != demo_students[all[i].student - 1].group;

        if (first || all[i].at > d->now)
            all[i].status = NULL;
    }
    return e ? e : mark_all(d, l, &s, all, n);
}

/* The next full five minutes that are not quite here. */
static int64_t soon(int64_t now)
{
    const int64_t step = 5 * DEMO_MINUTE;

    return ((now + 4 * DEMO_MINUTE) / step + 1) * step;
}

/* Lenient rules, so that who tries it an hour later is still present or late, not absent. */
enum err demo_add_now(struct demo *d, size_t trainer)
{
    int64_t starts_at = soon(d->now);
    struct lesson_time t = {starts_at, starts_at + NOW_MINUTES * DEMO_MINUTE, 30, 110};
    const struct demo_lesson *l = &demo_lessons_now[trainer];
    struct session s;

    /* Something of it was taken away by who used the demo school. */
    if (!d->modules[l->module] || !d->rooms[l->room] || !d->trainers[trainer].id)
        return ERR_OK;
    for (size_t i = 0; i < DEMO_GROUPS; i++)
        if ((l->groups & (1U << i)) && !d->groups[i])
            return ERR_OK;
    demo_as_admin(d, d->now);
    return add_session(d, l, &t, &s);
}

static enum err cancel(struct demo *d, struct session *s, int64_t at, const char *reason)
{
    demo_as_admin(d, at < d->now ? at : d->now);
    return session_move(d->ctx, s->id, SESSION_CANCEL, str_of(reason), s);
}

struct counts {
    int past, next;
};

static enum err add_lesson(struct demo *d, const struct demo_lesson *l, int64_t day,
                           struct counts *counts)
{
    struct lesson_time t = {
        .starts_at = demo_local(day, demo_periods[l->period][0]),
        .ends_at = demo_local(day, demo_periods[l->period][1]),
    };
    int64_t taken_from = soon(d->now) - OPEN_MINUTES * DEMO_MINUTE;
    int64_t taken_to = soon(d->now) + NOW_MINUTES * DEMO_MINUTE;
    struct session s;
    enum err e;

    /* Trainers and rooms are busy with what takes place now. */
    if (t.ends_at > taken_from && t.starts_at < taken_to)
        return ERR_OK;
    demo_as_admin(d, d->now - (int64_t)PLANNED_DAYS * DEMO_DAY);
    e = add_session(d, l, &t, &s);
    if (e)
        return e;
    if (t.starts_at >= taken_to)
        return ++counts->next == CANCELLED_NEXT
                   ? cancel(d, &s, d->now - DEMO_HOUR, "The room is being repaired")
                   : ERR_OK;
    if (++counts->past == CANCELLED_PAST)
        return cancel(d, &s, t.starts_at - 2 * DEMO_HOUR, "The trainer is ill");
    return live_through(d, l, &s, t.ends_at < d->now - CONFIRMED_DAYS * DEMO_DAY);
}

static enum err add_day(struct demo *d, int64_t day, struct counts *counts)
{
    int64_t weekday = (day + 4) % 7;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < DEMO_LESSONS; i++)
        if (demo_timetable[i].day == weekday)
            e = add_lesson(d, &demo_timetable[i], day, counts);
    return e;
}

enum err demo_add_sessions(struct demo *d)
{
    int64_t today = demo_day(d->now);
    struct counts counts = {0};
    enum err e = ERR_OK;

    for (int64_t day = today - DAYS_AROUND; !e && day <= today + DAYS_AROUND; day++)
        e = add_day(d, day, &counts);
    e = e ? e : add_open(d, soon(d->now));
    for (size_t i = 0; !e && i < DEMO_TRAINERS; i++)
        e = demo_add_now(d, i);
    if (!e)
        demo_says(d, "%lld sessions, %d of them past with their attendance",
                  (long long)d->n_sessions, counts.past);
    return e;
}
