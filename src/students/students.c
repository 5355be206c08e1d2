/* SPDX-License-Identifier: MIT */
/* The rules of students and of the accounts that some of them have. */
#include "students/students.h"

#include <string.h>

#include "base/fold.h"
#include "base/settings.h"
#include "base/zone.h"

#include "db/tx.h"
#include "students/students_store.h"
#include "users/users.h"

#define F(...) FIELD(struct student, __VA_ARGS__)
static const struct field student_fields[] = {
    F(id, "Number of the student", .min = 1, .example = "31"),
    F(student_number, "The school's own number", .max = 40, .example = "\"2026-0031\""),
    F(user_id, "Number of the account, null without one", .min = 1, .example = "52"),
    F(name, "Full name", .max = 200, .example = "\"Yacine Brahimi\""),
    F(name_norm, "Search form of name and number", .hidden = true),
    F(email, "Signs in with it, null without an account", .format = "email", .max = 254,
      .example = "\"y.brahimi@ecole.example\""),
    F(birth_date, "Tells minors from adults", .format = "date", .max = 10,
      .example = "\"2007-05-14\""),
    F(group_id, "The group of today; the newest of several", .min = 1, .example = "2"),
    F(group_name, "Its name", .max = 200, .example = "\"Informatique 1A\""),
    F(enrolled, "Face templates are stored", .example = "true"),
    F(consent,
      "Consent to face recognition is given and not withdrawn; trainers read the same as "
      "`enrolled`, "
      "so that nobody who said no is marked out",
      .example = "true"),
    F(archived, "Out of use: kept for the attendance", .example = "false"),
    F(row_version, "Version of the student row alone", .hidden = true),
    F(version, "Counts the changes, the account's too; the ETag", .min = 1, .example = "3"),
};
#undef F
const struct schema student_schema = SCHEMA(student, student_fields);

bool student_is_minor(struct ctx *ctx, struct str birth_date, int64_t at)
{
    const struct settings *set = ctx->services ? ctx->services->settings : NULL;
    int64_t adult = set && set->adult_age ? set->adult_age : 18;
    struct local_time t = {.year = 1970, .month = 1, .day = 1};
    struct str day;
    int64_t born, year;

    (void)zone_local(ctx_school_zone(ctx), at, &t);
    day = arena_printf(&ctx->arena, "%04d-%02d-%02d", (int)t.year, t.month, t.day);
    if (!str_to_i64(str_cut(&birth_date, '-'), &born) || !str_to_i64(str_cut(&day, '-'), &year))
        return true;
    /* What is left of both is month and day. */
    return year - born < adult || (year - born == adult && str_before(day, birth_date));
}

static enum err no_student(struct ctx *ctx)
{
    return fail(ctx, ERR_NOT_FOUND, "there is no such student");
}

static enum err number_is_taken(struct ctx *ctx)
{
    (void)fail(ctx, ERR_CONFLICT, "another student has this number");
    (void)fail_field(ctx, "/student_number", "taken", "", "another student has this number");
    return ERR_CONFLICT;
}

static enum err changed_meanwhile(struct ctx *ctx)
{
    return fail(ctx, ERR_VERSION_MISMATCH, "this student was changed meanwhile: read it again");
}

enum err student_get_for(struct ctx *ctx, int64_t id, struct student *ret)
{
    enum err e = students_store_get_for(ctx, id, ret);

    return e == ERR_NOT_FOUND ? no_student(ctx) : e;
}

enum err student_get(struct ctx *ctx, int64_t id, struct student *ret)
{
    enum err e = students_store_get(ctx, id, ret);

    return e == ERR_NOT_FOUND ? no_student(ctx) : e;
}

enum err student_list(struct ctx *ctx, const struct student_filter *filter, struct page *ret)
{
    return students_store_page(ctx, filter, str_search(&ctx->arena, filter->page.q), ret);
}

enum err student_check_usable(struct ctx *ctx, int64_t id, const char *pointer)
{
    struct student s;
    enum err e = students_store_get(ctx, id, &s);

    if (e == ERR_NOT_FOUND)
        return fail_field(ctx, pointer, "not_found", "", "there is no such student");
    if (!e && s.archived)
        return fail_field(ctx, pointer, "archived", "", "this student is archived");
    return e;
}

enum err student_touch(struct ctx *ctx, int64_t id)
{
    return students_store_touch(ctx, id);
}

static enum err check_birth(struct ctx *ctx, struct opt_str date)
{
    struct str today = time_format(&ctx->arena, ctx->now);

    if (!date.set || date.null)
        return ERR_OK;
    today.len = strlen("2026-01-01");
    if (str_before(date.v, STR("1900-01-01")) || str_before(today, date.v))
        return fail_field(ctx, "/birth_date", "format", "1900-01-01 to today",
                          "is no possible date of birth");
    return ERR_OK;
}

/* No blank texts, a possible birth date, and the search form: the name first, because lists are in
 * its order, then the number. */
static enum err settle(struct ctx *ctx, struct student *s)
{
    enum err e = check_birth(ctx, s->birth_date);

    if (str_fold(&ctx->arena, s->student_number).len == 0)
        e = fail_field(ctx, "/student_number", "blank", "", "must not be blank");
    if (str_fold(&ctx->arena, s->name).len == 0)
        e = fail_field(ctx, "/name", "blank", "", "must not be blank");
    if (e)
        return e;
    s->name_norm =
        str_fold(&ctx->arena, arena_printf(&ctx->arena, "%.*s %.*s", (int)s->name.len, s->name.at,
                                           (int)s->student_number.len, s->student_number.at));
    return ERR_OK;
}

static struct user_new account_of(struct str name, struct opt_str email, struct opt_str password)
{
    return (struct user_new){
        .email = email.v,
        .name = name,
        .role = str_of(role_name(ROLE_STUDENT)),
        .password = password.v,
    };
}

/* An account needs both; checks and hashes when both are there. */
static enum err check_account(struct ctx *ctx, const struct user_new *account, struct opt_str email,
                              struct opt_str password, struct user_hash *ret)
{
    if (email.set && !password.set)
        return fail_field(ctx, "/password", "required", "", "is required with an e-mail");
    if (password.set && !email.set)
        return fail_field(ctx, "/email", "required", "", "is required with a password");
    return email.set ? user_check_new(ctx, account, ret) : ERR_OK;
}

struct creation {
    struct student student;
    struct user_new account;
    struct user_hash hash;
    struct student *ret;
};

static enum err create_in_tx(struct ctx *ctx, void *arg)
{
    struct creation *c = arg;
    int64_t id;
    enum err e = ERR_OK;

    if (c->hash.hash.set) {
        e = user_add(ctx, &c->account, &c->hash, &c->student.user_id.v);
        c->student.user_id.set = true;
    }
    if (e)
        return e;
    e = students_store_insert(ctx, &c->student, &id);
    if (e == ERR_CONFLICT)
        return number_is_taken(ctx);
    return e ? e : students_store_get(ctx, id, c->ret);
}

static struct creation creation_of(const struct student_new *in, struct student *ret)
{
    struct creation c = {
        .student =
            {
                .student_number = in->student_number,
                .name = in->name,
                .birth_date = in->birth_date,
            },
        .account = account_of(in->name, in->email, in->password),
        .ret = ret,
    };

    c.account.locale = in->locale;
    c.account.time_zone = in->time_zone;
    return c;
}

enum err student_create(struct ctx *ctx, const struct student_new *in, struct student *ret)
{
    struct creation c = creation_of(in, ret);
    enum err e = settle(ctx, &c.student);

    e = e ? e : check_account(ctx, &c.account, in->email, in->password, &c.hash);
    return e ? e : db_transact(ctx, create_in_tx, &c);
}

enum err student_add(struct ctx *ctx, const struct student_new *in, const struct user_hash *hash,
                     struct student *ret)
{
    struct creation c = creation_of(in, ret);
    enum err e = settle(ctx, &c.student);

    c.hash = *hash;
    return e ? e : db_transact(ctx, create_in_tx, &c);
}

struct alteration {
    struct opt_i64 version;
    const struct student_change *in;
    struct user_new account;     /* of a student who gets one */
    struct user_change followed; /* of a student who has one */
    struct user_hash hash;
    struct student *ret;
};

static void overlay(const struct student_change *in, struct student *s)
{
    if (in->student_number.set)
        s->student_number = in->student_number.v;
    if (in->name.set)
        s->name = in->name.v;
    if (in->birth_date.set)
        s->birth_date = in->birth_date;
    if (in->archived.set)
        s->archived = in->archived.v;
}

static enum err change_account(struct ctx *ctx, const struct alteration *a, struct student *s)
{
    const struct user_change *f = &a->followed;

    if (s->user_id.set) {
        bool touched = f->email.set || f->name.set || f->password.set || f->archived.set;

        return touched ? user_apply(ctx, (struct opt_i64){0}, f, &a->hash) : ERR_OK;
    }
    if (!a->hash.hash.set)
        return ERR_OK;
    s->user_id.set = true;
    return user_add(ctx, &a->account, &a->hash, &s->user_id.v);
}

static bool changes_nothing(const struct alteration *a, const struct student *was,
                            const struct student *s)
{
    const struct opt_str *email = &a->in->email;

    return schema_same(&student_schema, was, s) && !a->hash.hash.set &&
           (!email->set || (was->email.set && str_eq(was->email.v, email->v)));
}

static enum err update_in_tx(struct ctx *ctx, void *arg)
{
    struct alteration *a = arg;
    struct student was;
    struct student s;
    enum err e = student_get(ctx, a->in->student_id, &was);

    if (e)
        return e;
    s = was;
    /* The second: it got an account since its password was looked at. */
    if ((a->version.set && a->version.v != s.version) ||
        s.user_id.v != (s.user_id.set ? a->followed.user_id : 0))
        return changed_meanwhile(ctx);
    overlay(a->in, &s);
    e = settle(ctx, &s);
    if (!e && changes_nothing(a, &was, &s)) {
        *a->ret = was;
        return ERR_OK;
    }
    if (!e)
        e = change_account(ctx, a, &s);
    if (!e)
        e = students_store_update(ctx, &s);
    if (e == ERR_NOT_FOUND)
        return changed_meanwhile(ctx);
    if (e == ERR_CONFLICT && !ctx->fault.fields)
        return number_is_taken(ctx);
    return e ? e : students_store_get(ctx, s.id, a->ret);
}

enum err student_update(struct ctx *ctx, struct opt_i64 version, const struct student_change *in,
                        struct student *ret)
{
    struct alteration a = {.version = version, .in = in, .ret = ret};
    struct student s;
    enum err e = student_get(ctx, in->student_id, &s);

    if (e)
        return e;
    overlay(in, &s);
    e = settle(ctx, &s);
    if (e)
        return e;
    a.account = account_of(s.name, in->email, in->password);
    a.followed = (struct user_change){
        .user_id = s.user_id.v,
        .email = in->email,
        .name = in->name,
        .archived = in->archived,
        .password = in->password,
    };
    if (s.user_id.set)
        e = user_check_change(ctx, &a.followed, &a.hash);
    else
        e = check_account(ctx, &a.account, in->email, in->password, &a.hash);
    return e ? e : db_transact(ctx, update_in_tx, &a);
}
