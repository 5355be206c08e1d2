/* SPDX-License-Identifier: MIT */
/* Who and what the large demo school is made of. All people are invented. */
#include "base/fold.h"
#include "base/settings.h"

#include "auth/password.h"
#include "cli/demo_large.h"

enum { ENROLLED_DAYS_BEFORE = 14, ADMIN_ID = 1, ROOM_PLACES = 32, LAB_PLACES = 30, HOURS = 48 };

static const char *const first_names[] = {
    "Amina",  "Youssef", "Clara", "Hugo",    "Sofia",   "Adam",    "Lina",   "Omar",  "Emma",
    "Noah",   "Salma",   "Karim", "Léa",     "Rayan",   "Inès",    "Mehdi",  "Zoé",   "Bilal",
    "Chloé",  "Ilyas",   "Manon", "Anas",    "Jade",    "Hamza",   "Louise", "Samir", "Alice",
    "Tarek",  "Élodie",  "Nabil", "Camille", "Walid",   "Sarah",   "Ismail", "Marie", "Reda",
    "Yasmin", "Lucas",   "Nora",  "Arthur",  "Dounia",  "Gabriel", "Kenza",  "Jules", "مريم",
    "أحمد",   "فاطمة",   "يوسف",  "زينب",    "إبراهيم", "سارة",    "عمر",    "ليلى",  "خالد",
};
static const char *const last_names[] = {
    "Benali",  "Martin",   "Haddad",    "Bernard",  "El Amrani", "Dubois",  "Mansouri", "Thomas",
    "Idrissi", "Robert",   "Cherkaoui", "Richard",  "Bouzid",    "Petit",   "Alaoui",   "Durand",
    "Saidi",   "Leroy",    "Fassi",     "Moreau",   "Berrada",   "Simon",   "Tazi",     "Laurent",
    "Naciri",  "Lefèvre",  "Ouazzani",  "Michel",   "Zerouali",  "Garcia",  "Rahmani",  "David",
    "Kettani", "Bertrand", "Slaoui",    "Roux",     "Lahlou",    "Vincent", "Chraibi",  "Fournier",
    "بنعلي",   "العلوي",   "المنصوري",  "الإدريسي", "التازي",    "الفاسي",  "السعيدي",  "الناصري",
};
static const char *const programmes[LARGE_PROGRAMMES] = {
    "Computer Science", "Networks",    "Accounting", "Marketing",      "Mechanics", "Electronics",
    "Civil Works",      "Health Care", "Tourism",    "Graphic Design", "Logistics", "Languages",
};
static const char *const modules[LARGE_TEAM] = {
    "Foundations", "Mathematics", "Communication", "Methods", "Practical Work", "Project",
};

static struct str someone(struct large *l)
{
    const char *first = first_names[demo_dice(&l->demo, COUNT(first_names))];
    const char *last = last_names[demo_dice(&l->demo, COUNT(last_names))];

    return arena_printf(&l->pen.arena, "%s %s", first, last);
}

static struct str folded(struct large *l, struct str code, struct str name)
{
    struct str both =
        arena_printf(&l->pen.arena, "%.*s %.*s", (int)code.len, code.at, (int)name.len, name.at);

    return str_fold(&l->pen.arena, both);
}

static void put_account(struct large *l, int64_t id, struct str email, struct str name,
                        const char *role)
{
    static const char *const locales[] = {"en", "fr", "fr", "ar"};
    int64_t at = (l->first_day - ENROLLED_DAYS_BEFORE) * DEMO_DAY;

    large_put(l, LARGE_ACCOUNT,
              ARGS(A(id), A(email), A(str_fold(&l->pen.arena, email)), A(name),
                   A(str_fold(&l->pen.arena, name)), A(str_of(role)),
                   A(str_of(locales[demo_dice(&l->demo, COUNT(locales))])),
                   A(l->demo.ctx->services->settings->time_zone), A(l->hash), A(at), A(at)));
}

static void put_structure(struct large *l)
{
    for (int64_t p = 0; p < LARGE_PROGRAMMES; p++) {
        struct str code = arena_printf(&l->pen.arena, "P%02lld", (long long)p + 1);
        struct str name = str_of(programmes[p]);

        large_put(l, LARGE_PROGRAMME, ARGS(A(p + 1), A(code), A(name), A(folded(l, code, name))));
        for (int64_t m = 0; m < LARGE_TEAM; m++) {
            struct str mc =
                arena_printf(&l->pen.arena, "%.*s-M%lld", (int)code.len, code.at, (long long)m + 1);
            struct str mn = arena_printf(&l->pen.arena, "%s: %s", programmes[p], modules[m]);

            large_put(l, LARGE_MODULE,
                      ARGS(A(p * LARGE_TEAM + m + 1), A(p + 1), A(mc), A(mn), A(folded(l, mc, mn)),
                           A((int64_t)HOURS)));
        }
    }
}

/* A room for each group, and after them a laboratory for each team. */
static void put_rooms(struct large *l)
{
    for (int64_t r = 0; r < l->groups + l->teams; r++) {
        bool lab = r >= l->groups;
        int64_t n = lab ? r - l->groups : r;
        struct str code =
            arena_printf(&l->pen.arena, "%s%03lld", lab ? "L" : "R", (long long)n + 1);
        struct str name =
            arena_printf(&l->pen.arena, "%s %lld", lab ? "Laboratory" : "Room", (long long)n + 1);

        large_put(l, LARGE_ROOM,
                  ARGS(A(r + 1), A(code), A(name), A(folded(l, code, name)),
                       A((int64_t)(lab ? LAB_PLACES : ROOM_PLACES))));
    }
}

static enum large_habit habit_of(struct large *l)
{
    int64_t n = demo_dice(&l->demo, 100);

    return n < 78   ? LARGE_STEADY
           : n < 90 ? LARGE_TARDY
           : n < 95 ? LARGE_AWAY
           : n < 98 ? LARGE_MONDAYS
                    : LARGE_MORNINGS;
}

static void put_student(struct large *l, int64_t s, int64_t group)
{
    struct str number = arena_printf(&l->pen.arena, "S%05lld", (long long)s + 1);
    struct str email = arena_printf(&l->pen.arena, "s%05lld@" DEMO_DOMAIN, (long long)s + 1);
    int64_t year = 2004 + demo_dice(&l->demo, 5);
    int64_t month = 1 + demo_dice(&l->demo, 12);
    int64_t day = 1 + demo_dice(&l->demo, 28);
    struct str birth = arena_printf(&l->pen.arena, "%lld-%02lld-%02lld", (long long)year,
                                    (long long)month, (long long)day);
    struct str name = someone(l);
    int64_t account = 1 + l->trainers + s + 1;

    l->n_members++;
    put_account(l, account, email, name, "student");
    large_put(l, LARGE_STUDENT,
              ARGS(A(s + 1), A(number), A(account), A(name), A(folded(l, number, name)), A(birth)));
    large_put(l, LARGE_GROUP_MEMBER,
              ARGS(A(l->n_members), A(group + 1), A(s + 1),
                   A((l->first_day - ENROLLED_DAYS_BEFORE) * DEMO_DAY)));
    l->habits[s] = habit_of(l);
}

static enum err put_group(struct large *l, int64_t g)
{
    int64_t programme = g / LARGE_TEAM % LARGE_PROGRAMMES;
    struct str code = arena_printf(&l->pen.arena, "G%03lld", (long long)g + 1);
    struct str name =
        arena_printf(&l->pen.arena, "%s %lld", programmes[programme], (long long)g + 1);

    large_put(l, LARGE_CLASS_GROUP,
              ARGS(A(g + 1), A(programme + 1), A(code), A(name), A(folded(l, code, name))));
    for (int64_t s = l->group_from[g]; s < l->group_from[g + 1]; s++)
        put_student(l, s, g);
    return large_is_full(l) ? large_flush(l) : ERR_OK;
}

enum err large_add_people(struct large *l)
{
    enum err e = auth_password_hash(l->demo.ctx, STR(DEMO_PASSWORD), &l->hash);

    if (e)
        return e;
    put_account(l, ADMIN_ID, STR(DEMO_ADMIN_EMAIL), str_of(demo_admin_name), "admin");
    for (int64_t t = 0; t < l->trainers; t++) {
        struct str email = arena_printf(&l->pen.arena, "t%04lld@" DEMO_DOMAIN, (long long)t + 1);

        put_account(l, t + 2, email, someone(l), "trainer");
        large_put(l, LARGE_TRAINER, ARGS(A(t + 1), A(t + 2), A(str_of(modules[t % LARGE_TEAM]))));
    }
    put_structure(l);
    put_rooms(l);
    for (int64_t g = 0; !e && g < l->groups; g++)
        e = put_group(l, g);
    e = e ? e : large_flush(l);
    if (!e)
        demo_says(&l->demo, "%d programmes, %lld groups, %lld trainers, %lld students",
                  LARGE_PROGRAMMES, (long long)l->groups, (long long)l->trainers,
                  (long long)l->students);
    return e;
}
