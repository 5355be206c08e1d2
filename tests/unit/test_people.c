/* SPDX-License-Identifier: MIT */
/* The rules of structure, users, trainers, students and groups on the real tables. */
#include <string.h>

#include "base/fold.h"

#include "auth/password.h"
#include "db/db.h"
#include "db_fixture.h"
#include "groups/groups.h"
#include "structure/structure.h"
#include "students/students.h"
#include "trainers/trainers.h"
#include "users/users.h"

#define PASSWORD STR("seven-Teal-otters")
#define SOME(v_)                                                                                   \
    {                                                                                              \
        .set = true, .v = (v_)                                                                     \
    }
#define NO_VERSION    ((struct opt_i64){0})
#define DAY_MS        86400000LL
#define ok(call_)     assert_int_equal((call_), ERR_OK)
#define is(call_, e_) assert_int_equal((call_), (e_))

/* A school's tables, and an admin who asks. */
static struct ctx *school(void **state)
{
    struct db_fixture *f = *state;
    int64_t n;

    auth_password_setup(2);
    ok(migrate_upgrade(&f->ctx, migrations_embedded(&f->ctx), 0, &n));
    f->ctx.actor = (struct actor){.role = ROLE_ADMIN, .user_id = 1};
    return &f->ctx;
}

/* Forgets the last failure, as the next request does. */
static void next_request(struct ctx *ctx)
{
    fault_clear(ctx);
}

static bool says(const struct ctx *ctx, const char *field, const char *code)
{
    for (const struct field_error *fe = ctx->fault.fields; fe; fe = fe->next)
        if (str_is(fe->pointer, field) && strcmp(fe->code, code) == 0)
            return true;
    return false;
}

static struct structure_item programme(struct ctx *ctx, const char *code)
{
    struct structure_new in = {.code = str_of(code), .name = STR("Génie civil")};
    struct structure_item out = {0};

    ok(structure_create(ctx, STRUCTURE_PROGRAMME, &in, &out));
    return out;
}

static struct group group(struct ctx *ctx, const char *code)
{
    struct group_new in = {.code = str_of(code), .name = str_of(code)};
    struct group out = {0};

    in.programme_id = programme(ctx, code).id;
    ok(group_create(ctx, &in, &out));
    return out;
}

static struct student student(struct ctx *ctx, const char *number, const char *name)
{
    struct student_new in = {.student_number = str_of(number), .name = str_of(name)};
    struct student out = {0};

    ok(student_create(ctx, &in, &out));
    return out;
}

static struct trainer trainer(struct ctx *ctx, const char *email)
{
    struct trainer_new in = {
        .email = str_of(email), .name = STR("Nora Saïdi"), .password = PASSWORD};
    struct trainer out = {0};

    ok(trainer_create(ctx, &in, &out));
    return out;
}

static struct page_query query(const char *q, int64_t limit)
{
    return (struct page_query){.q = str_of(q), .limit = limit, .sort = STR("name")};
}

static void test_search_pattern(void **state)
{
    struct ctx *ctx = &((struct db_fixture *)*state)->ctx;

    assert_false(str_search(&ctx->arena, STR("")).set);
    assert_true(str_is(str_search(&ctx->arena, STR("Élodie")).v, "%elodie%"));
    assert_true(str_is(str_search(&ctx->arena, STR("50%_!")).v, "%50!%!_!!%"));
}

static void test_structure_kinds(void **state)
{
    struct ctx *ctx = school(state);
    struct structure_item p = programme(ctx, "GC"), m, r;
    struct structure_new module = {
        .code = STR("RDM"), .name = STR("Résistance"), .programme_id = p.id, .hours = SOME(40)};
    struct structure_new room = {.code = STR("RDM"), .name = STR("Labo"), .capacity = SOME(12)};

    ok(structure_create(ctx, STRUCTURE_MODULE, &module, &m));
    ok(structure_create(ctx, STRUCTURE_ROOM, &room, &r));
    assert_int_equal(m.hours.v, 40);
    assert_int_equal(m.programme_id, p.id);
    assert_int_equal(r.capacity.v, 12);
    assert_false(r.hours.set);
    is(structure_create(ctx, STRUCTURE_ROOM, &room, &r), ERR_CONFLICT);
    assert_true(says(ctx, "/code", "taken"));

    struct structure_change clear = {.id = m.id, .hours = {.set = true, .null = true}};
    next_request(ctx);
    ok(structure_update(ctx, STRUCTURE_MODULE, (struct opt_i64)SOME(m.version), &clear, &m));
    assert_false(m.hours.set);
    assert_int_equal(m.version, 2);
    is(structure_update(ctx, STRUCTURE_MODULE, (struct opt_i64)SOME(1), &clear, &m),
       ERR_VERSION_MISMATCH);
}

static void test_archived_is_refused(void **state)
{
    struct ctx *ctx = school(state);
    struct structure_item p = programme(ctx, "GC");
    struct structure_change archive = {.id = p.id, .archived = SOME(true)};
    struct structure_new module = {.code = STR(" "), .name = STR("x"), .programme_id = p.id};
    struct structure_item m;

    ok(structure_update(ctx, STRUCTURE_PROGRAMME, NO_VERSION, &archive, &p));
    is(structure_create(ctx, STRUCTURE_MODULE, &module, &m), ERR_INVALID);
    assert_true(says(ctx, "/programme_id", "archived"));
    assert_true(says(ctx, "/code", "blank"));
    next_request(ctx);
    is(structure_check_usable(ctx, STRUCTURE_ROOM, 99, "/room_id"), ERR_INVALID);
    assert_true(says(ctx, "/room_id", "not_found"));
}

static void test_pages(void **state)
{
    static const char *const names[] = {"Zoé", "Éric", "eva", "Élodie", "adam", "يوسف", "أحمد"};
    static const char *const sorted[] = {"adam", "Élodie", "Éric", "eva", "Zoé", "أحمد", "يوسف"};
    struct ctx *ctx = school(state);
    struct student_filter filter = {.page = query("", 2)};
    struct page page;
    size_t seen = 0;

    for (size_t i = 0; i < COUNT(names); i++)
        student(ctx, arena_printf(&ctx->arena, "N%zu", i).at, names[i]);
    do {
        ok(student_list(ctx, &filter, &page));
        for (size_t i = 0; i < page.items.n; i++, seen++)
            assert_string_equal(((struct student *)page.items.at)[i].name.at, sorted[seen]);
        filter.page.cursor = page.next_cursor.v;
    } while (page.next_cursor.set);
    assert_int_equal(seen, COUNT(names));

    filter.page = query("احمد", 10);
    ok(student_list(ctx, &filter, &page));
    assert_int_equal(page.items.n, 1);
    filter.page = query("n3", 10);
    ok(student_list(ctx, &filter, &page));
    assert_int_equal(page.items.n, 1);
    filter.page = query("%", 10);
    ok(student_list(ctx, &filter, &page));
    assert_int_equal(page.items.n, 0);
}

static void test_last_admin(void **state)
{
    struct ctx *ctx = school(state);
    struct user_new in = {.email = STR("a@x.example"),
                          .name = STR("Ada"),
                          .role = STR("admin"),
                          .password = PASSWORD};
    struct user_new second = in;
    struct user a, b;

    second.email = STR("b@x.example");
    ok(user_create(ctx, &in, &a));
    struct user_change demote = {.user_id = a.id, .role = SOME(STR("trainer"))};
    struct user_change block = {.user_id = a.id, .active = SOME(false)};
    struct user_change archive = {.user_id = a.id, .archived = SOME(true)};
    is(user_update(ctx, NO_VERSION, &demote, &a), ERR_IN_USE);
    next_request(ctx);
    is(user_update(ctx, NO_VERSION, &block, &a), ERR_IN_USE);
    next_request(ctx);
    is(user_update(ctx, NO_VERSION, &archive, &a), ERR_IN_USE);
    next_request(ctx);
    ok(user_create(ctx, &second, &b));
    ok(user_update(ctx, (struct opt_i64)SOME(a.version), &demote, &a));
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM trainer"), 1);
    assert_true(str_is(a.role, "trainer"));

    in.email = STR("A@X.example");
    is(user_create(ctx, &in, &b), ERR_CONFLICT);
    assert_true(says(ctx, "/email", "taken"));
}

static void test_trainer_and_account_are_one(void **state)
{
    struct ctx *ctx = school(state);
    struct trainer t = trainer(ctx, "n@x.example"), changed;
    struct trainer_change archive = {
        .trainer_id = t.id, .archived = SOME(true), .name = SOME(STR("Nora B."))};
    struct user u;

    ok(trainer_update(ctx, (struct opt_i64)SOME(t.version), &archive, &changed));
    assert_true(changed.archived);
    assert_true(changed.version > t.version);
    ok(user_get(ctx, t.user_id, &u));
    assert_true(u.archived);
    assert_true(str_is(u.name, "Nora B."));
    is(trainer_update(ctx, (struct opt_i64)SOME(t.version), &archive, &changed),
       ERR_VERSION_MISMATCH);

    struct user_change back = {.user_id = u.id, .archived = SOME(false)};
    next_request(ctx);
    ok(user_update(ctx, NO_VERSION, &back, &u));
    ok(trainer_get_for(ctx, t.id, &changed));
    assert_false(changed.archived);
}

static void test_student_account(void **state)
{
    struct ctx *ctx = school(state);
    struct student s = student(ctx, "S1", "Yacine");
    struct student_change half = {.student_id = s.id, .email = SOME(STR("y@x.example"))};
    struct student_change whole = half;
    struct student_change rename = {.student_id = s.id, .name = SOME(STR("Yacine B."))};
    struct user u;

    is(student_update(ctx, NO_VERSION, &half, &s), ERR_INVALID);
    assert_true(says(ctx, "/password", "required"));
    next_request(ctx);
    whole.password = (struct opt_str)SOME(PASSWORD);
    ok(student_update(ctx, NO_VERSION, &whole, &s));
    assert_true(s.user_id.set);
    assert_true(str_is(s.email.v, "y@x.example"));
    ok(student_update(ctx, (struct opt_i64)SOME(s.version), &rename, &s));
    ok(user_get(ctx, s.user_id.v, &u));
    assert_true(str_is(u.name, "Yacine B."));
    assert_true(str_is(u.role, "student"));

    struct student_new twin = {.student_number = STR("S1"),
                               .name = STR("Twin"),
                               .email = SOME(STR("t@x.example")),
                               .password = SOME(PASSWORD)};
    is(student_create(ctx, &twin, &s), ERR_CONFLICT);
    assert_true(says(ctx, "/student_number", "taken"));
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM account"), 1);
}

static void test_birth_date(void **state)
{
    static const struct {
        const char *date;
        bool good;
    } rows[] = {
        {"1899-12-31", false}, {"1900-01-01", true}, {"2007-05-14", true}, {"2990-01-01", false}};
    struct ctx *ctx = school(state);

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct student_new in = {.student_number = str_of(rows[i].date),
                                 .name = STR("x"),
                                 .birth_date = SOME(str_of(rows[i].date))};
        struct student s;

        is(student_create(ctx, &in, &s), rows[i].good ? ERR_OK : ERR_INVALID);
        next_request(ctx);
    }
}

static void test_membership(void **state)
{
    struct ctx *ctx = school(state);
    struct group a = group(ctx, "A"), b = group(ctx, "B");
    struct student s = student(ctx, "S1", "Lina");
    struct member_new join = {
        .group_id = a.id, .student_id = s.id, .from = SOME(STR("2024-09-01"))};
    struct membership m;
    int64_t now = ctx->now;

    ok(group_add_student(ctx, &join, &m));
    assert_true(str_is(m.from, "2024-09-01"));
    assert_false(m.to.set);
    is(group_add_student(ctx, &join, &m), ERR_CONFLICT);
    next_request(ctx);
    join.group_id = b.id;
    join.from.set = false;
    ok(group_add_student(ctx, &join, &m));
    ok(student_get(ctx, s.id, &s));
    assert_int_equal(s.group_id.v, b.id);
    ok(group_get_for(ctx, a.id, &a));
    assert_int_equal(a.student_count, 1);

    /* Began today: forgotten. Began before: ended, and open again from another day on. */
    ok(group_remove_student(ctx, b.id, s.id));
    ok(group_remove_student(ctx, a.id, s.id));
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM group_member"), 1);
    is(group_remove_student(ctx, a.id, s.id), ERR_NOT_FOUND);
    next_request(ctx);
    join.group_id = a.id;
    ctx->now = now + 2 * DAY_MS;
    ok(group_add_student(ctx, &join, &m));
    ctx->now = now;
    ok(student_get(ctx, s.id, &s));
    assert_false(s.group_id.set);
    ctx->now = now + 3 * DAY_MS;
    ok(student_get(ctx, s.id, &s));
    assert_int_equal(s.group_id.v, a.id);
}

/* A session of the trainer with the group. */
static void teach(struct ctx *ctx, int64_t trainer_id, const struct group *g)
{
    int64_t module_id, session_id;

    ok(db_i64(ctx,
              "INSERT INTO module (programme_id, code, name, name_norm)"
              " VALUES ($1, 'M', 'M', 'm') RETURNING id",
              ARGS(A(g->programme_id)), &module_id));
    ok(db_i64(ctx,
              "INSERT INTO session (module_id, trainer_id, starts_at, ends_at, time_zone, kind,"
              " mode) VALUES ($1, $2, 1000, 2000, 'UTC', 'course', 'in_person') RETURNING id",
              ARGS(A(module_id), A(trainer_id)), &session_id));
    ok(db_exec(ctx, "INSERT INTO session_group (session_id, group_id) VALUES ($1, $2)",
               ARGS(A(session_id), A(g->id))));
}

static void test_ownership(void **state)
{
    struct ctx *ctx = school(state);
    struct group a = group(ctx, "A"), b = group(ctx, "B"), g;
    struct student in_a = student(ctx, "S1", "Lina"), in_b = student(ctx, "S2", "Sami"), s;
    struct trainer t = trainer(ctx, "t@x.example"), other = trainer(ctx, "o@x.example"), seen;
    struct member_new join_a = {.group_id = a.id, .student_id = in_a.id};
    struct member_new join_b = {.group_id = b.id, .student_id = in_b.id};
    struct student_filter all = {.page = query("", 50)};
    struct member_filter of_a = {.page = query("", 50), .group_id = a.id};
    struct member_filter of_b = {.page = query("", 50), .group_id = b.id};
    struct group_filter groups = {.page = query("", 50)};
    struct membership m;
    struct page page;

    ok(group_add_student(ctx, &join_a, &m));
    ok(group_add_student(ctx, &join_b, &m));
    teach(ctx, t.id, &a);

    ctx->actor = (struct actor){.role = ROLE_TRAINER, .trainer_id = t.id};
    ok(student_get_for(ctx, in_a.id, &s));
    is(student_get_for(ctx, in_b.id, &s), ERR_NOT_FOUND);
    ok(student_list(ctx, &all, &page));
    assert_int_equal(page.items.n, 1);
    ok(group_students(ctx, &of_a, &page));
    assert_int_equal(page.items.n, 1);
    is(group_students(ctx, &of_b, &page), ERR_NOT_FOUND);
    ok(trainer_get_for(ctx, t.id, &seen));
    is(trainer_get_for(ctx, other.id, &seen), ERR_NOT_FOUND);
    ok(group_list(ctx, &groups, &page));
    assert_int_equal(page.items.n, 2);

    ctx->actor = (struct actor){.role = ROLE_STUDENT, .student_id = in_b.id};
    ok(student_get_for(ctx, in_b.id, &s));
    is(student_get_for(ctx, in_a.id, &s), ERR_NOT_FOUND);
    ok(student_list(ctx, &all, &page));
    assert_int_equal(page.items.n, 1);
    is(group_students(ctx, &of_b, &page), ERR_NOT_FOUND);
    is(group_get_for(ctx, a.id, &g), ERR_NOT_FOUND);
    ok(group_list(ctx, &groups, &page));
    assert_int_equal(page.items.n, 1);
    is(trainer_get_for(ctx, t.id, &seen), ERR_NOT_FOUND);

    ctx->actor = (struct actor){0};
    ok(student_list(ctx, &all, &page));
    assert_int_equal(page.items.n, 0);
}

int main(void)
{
    static const struct db_test tests[] = {
        DB_TEST(test_search_pattern),      DB_TEST(test_structure_kinds),
        DB_TEST(test_archived_is_refused), DB_TEST(test_pages),
        DB_TEST(test_last_admin),          DB_TEST(test_trainer_and_account_are_one),
        DB_TEST(test_student_account),     DB_TEST(test_birth_date),
        DB_TEST(test_membership),          DB_TEST(test_ownership),
    };

    return db_tests_run("people", tests, COUNT(tests));
}
