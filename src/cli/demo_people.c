/* SPDX-License-Identifier: MIT */
/* What the demo school is made of, and its people with accounts and consents. */
#include "auth/password.h"
#include "cli/demo.h"
#include "enrolment/enrolment.h"
#include "groups/groups.h"
#include "structure/structure.h"
#include "students/students.h"
#include "trainers/trainers.h"
#include "users/users.h"

enum { SCHOOL_YEAR_DAYS = 60, CONSENT_DAYS = 45, WITHDRAWN_DAYS = 20 };

#define SOME(v_)                                                                                   \
    {                                                                                              \
        .set = true, .v = (v_)                                                                     \
    }

static const char consent_text[] = "2026-11"; /* as the page shows it */

static enum err add_thing(struct demo *d, enum structure_kind kind, const struct demo_thing *t,
                          int64_t *ret_id)
{
    struct structure_new in = {.code = str_of(t->code), .name = str_of(t->name)};
    struct structure_item out;
    enum err e;

    if (kind == STRUCTURE_MODULE) {
        in.programme_id = d->programmes[t->programme];
        in.hours = (struct opt_i64)SOME(t->number);
    } else if (kind == STRUCTURE_ROOM) {
        in.capacity = (struct opt_i64)SOME(t->number);
    }
    e = structure_create(d->ctx, kind, &in, &out);
    if (!e)
        *ret_id = out.id;
    return e;
}

static enum err add_group(struct demo *d, size_t i)
{
    const struct demo_thing *t = &demo_groups[i];
    struct group_new in = {d->programmes[t->programme], str_of(t->code), str_of(t->name)};
    struct group out;
    enum err e = group_create(d->ctx, &in, &out);

    if (!e)
        d->groups[i] = out.id;
    return e;
}

enum err demo_add_structure(struct demo *d)
{
    enum err e = ERR_OK;

    demo_as_admin(d, d->now - (int64_t)SCHOOL_YEAR_DAYS * DEMO_DAY);
    for (size_t i = 0; !e && i < DEMO_PROGRAMMES; i++)
        e = add_thing(d, STRUCTURE_PROGRAMME, &demo_programmes[i], &d->programmes[i]);
    for (size_t i = 0; !e && i < DEMO_MODULES; i++)
        e = add_thing(d, STRUCTURE_MODULE, &demo_modules[i], &d->modules[i]);
    for (size_t i = 0; !e && i < DEMO_ROOMS; i++)
        e = add_thing(d, STRUCTURE_ROOM, &demo_rooms[i], &d->rooms[i]);
    for (size_t i = 0; !e && i < DEMO_GROUPS; i++)
        e = add_group(d, i);
    if (!e)
        demo_says(d, "%d programmes, %d modules, %d rooms, %d groups", DEMO_PROGRAMMES,
                  DEMO_MODULES, DEMO_ROOMS, DEMO_GROUPS);
    return e;
}

static enum err add_admin(struct demo *d)
{
    struct user_new in = {
        .email = STR(DEMO_ADMIN_EMAIL),
        .name = str_of(demo_admin_name),
        .role = STR("admin"),
        .password = STR(DEMO_PASSWORD),
    };
    struct user out;
    enum err e = user_create(d->ctx, &in, &out);

    if (!e)
        d->admin_id = out.id;
    return e;
}

static enum err add_trainer(struct demo *d, size_t i)
{
    struct trainer_new in = {
        .email = demo_email(d, demo_trainers[i].login),
        .name = str_of(demo_trainers[i].name),
        .password = STR(DEMO_PASSWORD),
        .specialities = SOME(str_of(demo_trainers[i].specialities)),
    };
    struct trainer out;
    enum err e = trainer_create(d->ctx, &in, &out);

    if (e)
        return e;
    d->trainers[i].id = out.id;
    d->trainers[i].user_id = out.user_id;
    return ERR_OK;
}

/* "2007-05-14" for who is `age` today; the last birthday is well over a month ago, so that nobody
 * of age was a minor when consenting. */
static struct str birth_date(struct demo *d, int64_t age)
{
    int64_t birthday = d->now - (CONSENT_DAYS + 5 + demo_dice(d, 300)) * DEMO_DAY;
    struct str date = time_format(&d->ctx->arena, birthday);
    struct str year = {date.at, 4};
    struct str day = {date.at + 4, 6};
    int64_t y = 0;

    (void)str_to_i64(year, &y);
    if (str_is(day, "-02-29"))
        day = STR("-02-28");
    return arena_printf(&d->ctx->arena, "%lld%.*s", (long long)(y - age), (int)day.len, day.at);
}

static enum err add_student(struct demo *d, size_t i, const struct user_hash *hash)
{
    const struct demo_student *s = &demo_students[i];
    struct student_new in = {
        .student_number = demo_number(d, i),
        .name = str_of(s->name),
        .birth_date = SOME(birth_date(d, s->age)),
        .email = SOME(demo_email(d, s->login)),
        .locale = {.set = s->locale != NULL, .v = str_of(s->locale)},
    };
    struct student out;
    struct membership joined;
    enum err e = student_add(d->ctx, &in, hash, &out);

    if (e)
        return e;
    d->students[i] = out.id;
    return group_add_student(
        d->ctx, &(struct member_new){.group_id = d->groups[s->group], .student_id = out.id},
        &joined);
}

enum err demo_add_people(struct demo *d)
{
    struct user_hash hash = {.hash.set = true};
    enum err e = auth_password_hash(d->ctx, STR(DEMO_PASSWORD), &hash.hash.v);

    demo_as_admin(d, d->now - (int64_t)SCHOOL_YEAR_DAYS * DEMO_DAY);
    e = e ? e : add_admin(d);
    demo_as_admin(d, d->ctx->now);
    for (size_t i = 0; !e && i < DEMO_TRAINERS; i++)
        e = add_trainer(d, i);
    for (size_t i = 0; !e && i < DEMO_STUDENTS; i++)
        e = add_student(d, i, &hash);
    if (!e)
        demo_says(d, "1 administrator, %d trainers, %d students", DEMO_TRAINERS, DEMO_STUDENTS);
    return e;
}

static enum err add_consent(struct demo *d, size_t i)
{
    const struct demo_student *s = &demo_students[i];
    struct consent_new in = {
        .student_id = d->students[i],
        .given_by = s->guardian ? STR("guardian") : STR("student"),
        .given_by_name = {.set = s->guardian != NULL, .v = str_of(s->guardian)},
        .text_version = str_of(consent_text),
        .locale = str_of(s->locale ? s->locale : "en"),
    };
    struct consent out;
    enum err e;

    demo_as_admin(d, d->now - (int64_t)CONSENT_DAYS * DEMO_DAY);
    e = consent_give(d->ctx, &in, &out);
    if (e || s->consent != CONSENT_WITHDRAWN)
        return e;
    demo_as_admin(d, d->now - (int64_t)WITHDRAWN_DAYS * DEMO_DAY);
    return consent_withdraw(d->ctx, &(struct consent_end){.student_id = in.student_id});
}

enum err demo_add_consents(struct demo *d)
{
    enum err e = ERR_OK;
    int n = 0;

    for (size_t i = 0; !e && i < DEMO_STUDENTS; i++) {
        if (demo_students[i].consent == CONSENT_NONE)
            continue;
        e = add_consent(d, i);
        n++;
    }
    if (!e)
        demo_says(d, "%d consents to face recognition, one of them withdrawn again", n);
    return e;
}
