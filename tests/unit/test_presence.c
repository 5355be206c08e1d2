/* SPDX-License-Identifier: MIT */
/* The rules of presence, row by row: a lesson of 90 minutes, opens 15 before, late 10, absent 30.
 */
#include <string.h>

#include "base/zone.h"

#include "ctx_test.h"
#include "presence/half_days.h"
#include "presence/presence.h"
#include "presence/rate.h"

#define START   1764576000000LL
#define MIN(m_) ((int64_t)((m_)*60000LL))
#define END     MIN(90)
#define ID(u_)  .uid = {u_, sizeof(u_) - 1}

/* Times are from the start; an excuse from -1 to -1 is for all of the session. */
#define CAME(u_, way_, at_, ...)                                                                   \
    {                                                                                              \
        ID(u_), .kind = PRESENCE_CHECK, .way = WAY_##way_, .at = (at_), __VA_ARGS__                \
    }
#define LEFT(u_, way_, at_) CAME(u_, way_, at_, .direction = GOING_OUT)
#define PUNCHED(u_, at_)    CAME(u_, DEVICE, at_, .direction = GOING_UNKNOWN)
#define SAID(u_, status_, at_)                                                                     \
    {                                                                                              \
        ID(u_), .kind = PRESENCE_WORD, .status = PRESENCE_##status_, .at = (at_)                   \
    }
#define UNDO(u_, of_)                                                                              \
    {                                                                                              \
        ID(u_), .kind = PRESENCE_UNDO, .undoes = {of_, sizeof(of_) - 1}, .at = END                 \
    }
#define CLOSE                                                                                      \
    {                                                                                              \
        ID("close"), .kind = PRESENCE_CLOSE, .at = END                                             \
    }
#define EXCUSED(u_, from_, to_)                                                                    \
    {                                                                                              \
        ID(u_), .kind = PRESENCE_EXCUSE, .status = PRESENCE_EXCUSED, .at = END,                    \
                .covers_from = (from_), .covers_to = (to_)                                         \
    }

enum { EVENTS = 6 };

struct row {
    const char *name;
    const char *ways; /* NULL: any */
    bool check_out, remote, hybrid;
    int64_t min_minutes;
    struct presence_event events[EVENTS];
    enum presence_status status;
    enum presence_reason reason;
    int64_t late, minutes;        /* -1: not known */
    const char *by;               /* NULL: not looked at */
    enum presence_status derived; /* looked at when not unmarked */
};

#define IS(status_, reason_, late_, minutes_)                                                      \
    .status = PRESENCE_##status_, .reason = REASON_##reason_, .late = (late_), .minutes = (minutes_)
#define BY(u_)         .by = (u_)
#define RULES(status_) .derived = PRESENCE_##status_

/* clang-format off */
static const struct row rows[] = {
    {"nothing is known", IS(UNMARKED, NOTHING, 0, -1)},
    {"closed without a check-in", .events = {CLOSE}, IS(ABSENT, REGISTER_CLOSED, 0, -1), BY("close")},

    /* The window and the minutes, to the millisecond. */
    {"a millisecond before it opens", .events = {CAME("a", KIOSK, -MIN(15) - 1)}, IS(UNMARKED, TOO_EARLY, 0, -1)},
    {"as it opens", .events = {CAME("a", KIOSK, -MIN(15))}, IS(PRESENT, ON_TIME, 0, 90), BY("a")},
    {"at the start", .events = {CAME("a", KIOSK, 0)}, IS(PRESENT, ON_TIME, 0, 90)},
    {"the last moment on time", .events = {CAME("a", KIOSK, MIN(11) - 1)}, IS(PRESENT, ON_TIME, 0, 79)},
    {"the first moment late", .events = {CAME("a", KIOSK, MIN(11))}, IS(LATE, CAME_LATE, 11, 79)},
    {"the last moment late", .events = {CAME("a", KIOSK, MIN(31) - 1)}, IS(LATE, CAME_LATE, 30, 59)},
    {"the first moment absent", .events = {CAME("a", KIOSK, MIN(31))}, IS(ABSENT, CAME_TOO_LATE, 31, 59), BY("a")},
    {"at the end", .events = {CAME("a", KIOSK, END)}, IS(ABSENT, CAME_TOO_LATE, 90, 0)},
    {"a millisecond after the end", .events = {CAME("a", KIOSK, END + 1)}, IS(UNMARKED, AFTER_END, 0, -1)},
    {"too early stays absent at the closing", .events = {CAME("a", KIOSK, -MIN(20)), CLOSE}, IS(ABSENT, TOO_EARLY, 0, -1)},
    {"after the end stays absent", .events = {CAME("a", KIOSK, END + 1), CLOSE}, IS(ABSENT, AFTER_END, 0, -1)},
    {"too early, then in time", .events = {CAME("a", KIOSK, -MIN(20)), CAME("b", KIOSK, -MIN(5))}, IS(PRESENT, ON_TIME, 0, 90), BY("b")},
    {"the earliest counts", .events = {CAME("a", QR, MIN(12)), CAME("b", KIOSK, MIN(3)), CLOSE}, IS(PRESENT, ON_TIME, 0, 87), BY("b")},
    {"of two at once the smaller uid", .events = {CAME("b", QR, MIN(3)), CAME("a", KIOSK, MIN(3))}, IS(PRESENT, ON_TIME, 0, 87), BY("a")},

    /* Ways and conditions. */
    {"another way", "kiosk", .events = {CAME("a", QR, 0)}, IS(UNMARKED, WAY_NOT_ALLOWED, 0, -1)},
    {"another way, closed", "kiosk", .events = {CAME("a", QR, 0), CLOSE}, IS(ABSENT, WAY_NOT_ALLOWED, 0, -1)},
    {"by a person's word only", "manual", .events = {CAME("a", KIOSK, 0)}, IS(UNMARKED, WAY_NOT_ALLOWED, 0, -1)},
    {"somebody saw the student come", "manual", .events = {CAME("a", MANUAL, MIN(14))}, IS(LATE, CAME_LATE, 14, 76)},
    {"outside the fence", "self+fence", .events = {CAME("a", SELF, 0)}, IS(UNMARKED, NOT_IN_FENCE, 0, -1)},
    {"inside the fence", "self+fence", .events = {CAME("a", SELF, 0, .facts = FACT_FENCE)}, IS(PRESENT, ON_TIME, 0, 90)},
    {"not the network", "qr+subnet", .events = {CAME("a", QR, 0, .facts = FACT_FENCE | FACT_LIVE)}, IS(UNMARKED, NOT_IN_SUBNET, 0, -1)},
    {"not alive", "kiosk+live", .events = {CAME("a", KIOSK, 0)}, IS(UNMARKED, NOT_LIVE, 0, -1)},
    {"two conditions are missing", "self+fence+live", .events = {CAME("a", SELF, 0)}, IS(UNMARKED, WAY_NOT_ALLOWED, 0, -1)},
    {"the nearest miss is told", "face+qr|self+fence", .events = {CAME("a", QR, 0), CAME("b", SELF, 0)}, IS(UNMARKED, NOT_IN_FENCE, 0, -1)},
    {"conditions do not add up over events", "self+fence+subnet", .events = {CAME("a", SELF, 0, .facts = FACT_FENCE), CAME("b", SELF, MIN(1), .facts = FACT_SUBNET)}, IS(UNMARKED, NOT_IN_FENCE, 0, -1)},
    {"one of two ways", "face+qr", .events = {CAME("a", QR, 0)}, IS(UNMARKED, SECOND_WAY, 0, -1)},
    {"two ways: the later one counts", "face+qr", .events = {CAME("a", QR, 0), CAME("b", FACE, MIN(14)), CAME("c", FACE, MIN(20))}, IS(LATE, CAME_LATE, 14, 76), BY("b")},
    {"two ways: one was too early", "face+qr", .events = {CAME("a", QR, -MIN(16)), CAME("b", FACE, 0)}, IS(UNMARKED, SECOND_WAY, 0, -1)},
    {"the alternative that was complete first", "face+qr|pin", .events = {CAME("a", QR, 0), CAME("b", PIN, MIN(4)), CAME("c", FACE, MIN(5))}, IS(PRESENT, ON_TIME, 0, 86), BY("b")},

    /* Going out. */
    {"left before the end", .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, MIN(79))}, IS(LEFT_EARLY, WENT_EARLY, 0, 79), BY("b")},
    {"left, not early yet", .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, MIN(79) + 1)}, IS(PRESENT, ON_TIME, 0, 79), BY("a")},
    {"left after the end", .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, END + MIN(9))}, IS(PRESENT, ON_TIME, 0, 90)},
    {"late and left early", .events = {CAME("a", KIOSK, MIN(14)), LEFT("b", KIOSK, MIN(40))}, IS(LEFT_EARLY, WENT_EARLY, 14, 26)},
    {"came back: the break is taken off", .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, MIN(30)), CAME("c", KIOSK, MIN(40))}, IS(PRESENT, ON_TIME, 0, 80)},
    {"left by a way that does not count", "kiosk", .events = {CAME("a", KIOSK, 0), LEFT("b", QR, MIN(30))}, IS(PRESENT, ON_TIME, 0, 90)},
    {"left without having come", .events = {LEFT("b", KIOSK, MIN(30)), CLOSE}, IS(ABSENT, REGISTER_CLOSED, 0, -1)},
    {"still there", .check_out = true, .events = {CAME("a", KIOSK, 0)}, IS(PRESENT, ON_TIME, 0, -1)},
    {"never checked out", .check_out = true, .events = {CAME("a", KIOSK, 0), CLOSE}, IS(PARTIAL, NO_CHECK_OUT, 0, -1), BY("a")},
    {"checked out", .check_out = true, .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, END), CLOSE}, IS(PRESENT, ON_TIME, 0, 90)},
    {"checked out, came back", .check_out = true, .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, MIN(50)), CAME("c", KIOSK, MIN(55)), CLOSE}, IS(PARTIAL, NO_CHECK_OUT, 0, -1)},
    {"long enough", .min_minutes = 60, .events = {CAME("a", KIOSK, MIN(30))}, IS(LATE, CAME_LATE, 30, 60)},
    {"a millisecond too short", .min_minutes = 60, .events = {CAME("a", KIOSK, MIN(30) + 1)}, IS(PARTIAL, TOO_SHORT, 30, 59)},
    {"too short by leaving", .min_minutes = 60, .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, MIN(40))}, IS(PARTIAL, TOO_SHORT, 0, 40)},
    {"absent is more than too short", .min_minutes = 60, .events = {CAME("a", KIOSK, MIN(31))}, IS(ABSENT, CAME_TOO_LATE, 31, 59)},

    /* Readers that do not know the direction. */
    {"one punch is coming in", .check_out = true, .events = {PUNCHED("a", 0)}, IS(PRESENT, ON_TIME, 0, -1)},
    {"punched twice at the door", .check_out = true, .events = {PUNCHED("a", 0), PUNCHED("b", MIN(5) - 1), CLOSE}, IS(PARTIAL, NO_CHECK_OUT, 0, -1)},
    {"five minutes apart is out", .check_out = true, .events = {PUNCHED("a", 0), PUNCHED("b", MIN(5))}, IS(LEFT_EARLY, WENT_EARLY, 0, 5)},
    {"in, something, out", .check_out = true, .events = {PUNCHED("a", -MIN(3)), PUNCHED("b", MIN(40)), PUNCHED("c", END + MIN(2)), CLOSE}, IS(PRESENT, ON_TIME, 0, 90)},
    {"nobody asks for check-outs", .events = {PUNCHED("a", 0), PUNCHED("b", MIN(7)), CLOSE}, IS(PRESENT, ON_TIME, 0, 90)},
    {"the punch before the opening is not the first", .check_out = true, .events = {PUNCHED("a", -MIN(30)), PUNCHED("b", -MIN(2))}, IS(PRESENT, ON_TIME, 0, -1), BY("b")},

    /* Modes. */
    {"remote", .remote = true, .events = {CAME("a", SELF, 0)}, IS(REMOTE, ON_TIME, 0, 90)},
    {"remote and late", .remote = true, .events = {CAME("a", SELF, MIN(11))}, IS(LATE, CAME_LATE, 11, 79)},
    {"hybrid, from somewhere", .hybrid = true, .events = {CAME("a", SELF, 0)}, IS(REMOTE, ON_TIME, 0, 90)},
    {"hybrid, in the room", .hybrid = true, .events = {CAME("a", SELF, 0, .facts = FACT_FENCE)}, IS(PRESENT, ON_TIME, 0, 90)},
    {"hybrid, in the network", .hybrid = true, .events = {CAME("a", QR, 0, .facts = FACT_SUBNET)}, IS(PRESENT, ON_TIME, 0, 90)},
    {"hybrid, at the kiosk later", .hybrid = true, .events = {CAME("a", SELF, 0), CAME("b", KIOSK, MIN(5))}, IS(PRESENT, ON_TIME, 0, 90), BY("a")},
    {"hybrid, in the class photo", .hybrid = true, .events = {CAME("a", CLASS_PHOTO, 0)}, IS(PRESENT, ON_TIME, 0, 90)},

    /* Words. */
    {"a person's word", .events = {SAID("w", ABSENT, MIN(5)), CAME("a", KIOSK, 0)}, IS(ABSENT, PERSON_SAID, 0, 90), BY("w"), RULES(PRESENT)},
    {"the later word", .events = {SAID("x", PRESENT, MIN(6)), SAID("w", ABSENT, MIN(5))}, IS(PRESENT, PERSON_SAID, 0, -1), BY("x")},
    {"two words at once", .events = {SAID("x", PRESENT, MIN(6)), SAID("w", ABSENT, MIN(6))}, IS(PRESENT, PERSON_SAID, 0, -1), BY("x")},
    {"a word before the closing", .events = {SAID("w", PRESENT, MIN(5)), CLOSE}, IS(PRESENT, PERSON_SAID, 0, -1), RULES(ABSENT)},
    {"back to the rules", .events = {SAID("w", ABSENT, MIN(5)), SAID("x", UNMARKED, MIN(6)), CAME("a", KIOSK, 0)}, IS(PRESENT, ON_TIME, 0, 90)},
    {"late by a word: when it was said", .events = {SAID("w", LATE, MIN(14))}, IS(LATE, PERSON_SAID, 14, -1)},
    {"late by a word of next week", .events = {SAID("w", LATE, MIN(10000))}, IS(LATE, PERSON_SAID, 0, -1)},
    {"undone word", .events = {SAID("w", ABSENT, MIN(5)), UNDO("u", "w")}, IS(UNMARKED, NOTHING, 0, -1)},
    {"undone before it came", .events = {UNDO("a-undo", "w"), SAID("w", ABSENT, MIN(5))}, IS(UNMARKED, NOTHING, 0, -1)},
    {"undone check", .events = {CAME("a", KIOSK, 0), CAME("b", KIOSK, MIN(12)), UNDO("u", "a")}, IS(LATE, CAME_LATE, 12, 78)},
    {"undone closing", .events = {CLOSE, UNDO("u", "close")}, IS(UNMARKED, NOTHING, 0, -1)},
    {"an undo stays", .events = {SAID("w", ABSENT, MIN(5)), UNDO("u", "w"), UNDO("v", "u")}, IS(UNMARKED, NOTHING, 0, -1)},
    {"undo of something unknown", .events = {SAID("w", ABSENT, MIN(5)), UNDO("u", "zz")}, IS(ABSENT, PERSON_SAID, 0, -1)},
    {"doubled uid", .events = {CAME("a", KIOSK, 0), CAME("a", KIOSK, 0)}, IS(PRESENT, ON_TIME, 0, 90)},
    {"doubled uid, other content: the smaller", .events = {CAME("a", KIOSK, MIN(12)), CAME("a", KIOSK, MIN(2))}, IS(PRESENT, ON_TIME, 0, 88)},

    /* Excuses. */
    {"excused", .events = {CLOSE, EXCUSED("e", -1, -1)}, IS(EXCUSED, JUSTIFIED, 0, -1), BY("e"), RULES(ABSENT)},
    {"announced", .events = {EXCUSED("e", -1, -1)}, IS(EXCUSED, JUSTIFIED, 0, -1)},
    {"announced, but came", .events = {EXCUSED("e", -1, -1), CAME("a", KIOSK, 0)}, IS(PRESENT, ON_TIME, 0, 90)},
    {"taken back", .events = {CLOSE, EXCUSED("e", -1, -1), UNDO("u", "e")}, IS(ABSENT, REGISTER_CLOSED, 0, -1)},
    {"half is not all", .events = {CLOSE, EXCUSED("e", 0, MIN(45))}, IS(ABSENT, REGISTER_CLOSED, 0, -1)},
    {"two halves", .events = {CLOSE, EXCUSED("f", MIN(45), END), EXCUSED("e", 0, MIN(45))}, IS(EXCUSED, JUSTIFIED, 0, -1), BY("f")},
    {"less than a minute is open", .events = {CLOSE, EXCUSED("e", MIN(1) - 1, END - MIN(1) + 1)}, IS(EXCUSED, JUSTIFIED, 0, -1)},
    {"a minute is open", .events = {CLOSE, EXCUSED("e", MIN(1), END)}, IS(ABSENT, REGISTER_CLOSED, 0, -1)},
    {"late, excused until then", .events = {CAME("a", KIOSK, MIN(14)), EXCUSED("e", -MIN(60), MIN(14))}, IS(EXCUSED, JUSTIFIED, 14, 76), RULES(LATE)},
    {"late, excused not long enough", .events = {CAME("a", KIOSK, MIN(14)), EXCUSED("e", -MIN(60), MIN(13))}, IS(LATE, CAME_LATE, 14, 76)},
    {"late, excused for another part", .events = {CAME("a", KIOSK, MIN(14)), EXCUSED("e", MIN(20), END)}, IS(LATE, CAME_LATE, 14, 76)},
    {"too late, excused until then", .events = {CAME("a", KIOSK, MIN(45)), EXCUSED("e", 1, MIN(45))}, IS(EXCUSED, JUSTIFIED, 45, 45)},
    {"left early, excused from then", .events = {CAME("a", KIOSK, 0), LEFT("b", KIOSK, MIN(60)), EXCUSED("e", MIN(60), MIN(600))}, IS(EXCUSED, JUSTIFIED, 0, 60)},
    {"left early and late: both", .events = {CAME("a", KIOSK, MIN(20)), LEFT("b", KIOSK, MIN(60)), EXCUSED("e", MIN(60), MIN(600))}, IS(LEFT_EARLY, WENT_EARLY, 20, 40)},
    {"not checked out: the whole session", .check_out = true, .events = {CAME("a", KIOSK, 0), CLOSE, EXCUSED("e", MIN(60), END)}, IS(PARTIAL, NO_CHECK_OUT, 0, -1)},
    {"absent by a word, excused", .events = {SAID("w", ABSENT, MIN(500)), EXCUSED("e", -1, -1)}, IS(EXCUSED, JUSTIFIED, 0, -1)},
    {"absent by a word after it", .events = {EXCUSED("e", -1, -1), SAID("w", ABSENT, END + MIN(1))}, IS(EXCUSED, JUSTIFIED, 0, -1), BY("e")},
    {"late by a word, excused until then", .events = {SAID("w", LATE, MIN(14)), EXCUSED("e", 0, MIN(14))}, IS(EXCUSED, JUSTIFIED, 14, -1)},
    {"left early by a word", .events = {SAID("w", LEFT_EARLY, MIN(60)), EXCUSED("e", MIN(60), END)}, IS(EXCUSED, JUSTIFIED, 0, -1)},
    {"present by a word stays", .events = {SAID("w", PRESENT, MIN(5)), EXCUSED("e", -1, -1)}, IS(PRESENT, PERSON_SAID, 0, -1)},
};
/* clang-format on */

static struct presence_rule rule_of(struct ctx *ctx, const struct row *row)
{
    struct presence_rule rule = {
        .starts_at = START,
        .ends_at = START + END,
        .open_before_min = 15,
        .late_after_min = 10,
        .absent_after_min = 30,
        .min_minutes = row->min_minutes,
        .check_out = row->check_out,
        .remote = row->remote,
        .hybrid = row->hybrid,
    };

    assert_int_equal(ways_parse(ctx, str_of(row->ways ? row->ways : "any"), "/ways", &rule.ways),
                     ERR_OK);
    return rule;
}

static size_t take_events(const struct row *row, struct presence_event *all)
{
    size_t n = 0;

    for (; n < EVENTS && row->events[n].uid.len; n++) {
        all[n] = row->events[n];
        all[n].at += START;
        if (all[n].covers_from == -1 && all[n].covers_to == -1) {
            all[n].covers_from = all[n].covers_to = 0;
        } else if (all[n].kind == PRESENCE_EXCUSE) {
            all[n].covers_from += START;
            all[n].covers_to += START;
        }
    }
    return n;
}

static void compare(const struct row *row, const struct presence *p)
{
    bool same = p->status == row->status && p->reason == row->reason &&
                p->minutes_late == row->late && p->minutes_present == row->minutes;

    same = same && (!row->by || (p->by && str_is(p->by->uid, row->by)));
    same = same && (row->derived == PRESENCE_UNMARKED || p->derived == row->derived);
    if (same)
        return;
    print_error("%s: %s, %s, late %lld, there %lld, by %s, rules %s\n", row->name,
                presence_status_name(p->status), presence_reason_name(p->reason),
                (long long)p->minutes_late, (long long)p->minutes_present,
                p->by ? p->by->uid.at : "nothing", presence_status_name(p->derived));
    assert_true(false);
}

/* Forwards and backwards: the order never matters. */
static void test_rows(void **state)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct presence_rule rule = rule_of(*state, &rows[i]);
        struct presence_event all[EVENTS], reversed[EVENTS];
        const struct presence_event *scratch[EVENTS];
        size_t n = take_events(&rows[i], all);
        struct presence p;

        presence_derive(&rule, all, n, scratch, &p);
        compare(&rows[i], &p);
        for (size_t k = 0; k < n; k++)
            reversed[n - 1 - k] = all[k];
        presence_derive(&rule, reversed, n, scratch, &p);
        compare(&rows[i], &p);
    }
}

static void test_every_reason_has_a_row(void **state)
{
    (void)state;
    for (int r = 0; r < REASON_COUNT; r++) {
        bool found = false;

        for (size_t i = 0; i < COUNT(rows); i++)
            found |= rows[i].reason == (enum presence_reason)r;
        if (!found)
            print_error("no row for %s\n", presence_reason_name((enum presence_reason)r));
        assert_true(found);
    }
}

static void test_times_of_coming_and_going(void **state)
{
    struct row row = {.events = {CAME("a", KIOSK, MIN(3)), LEFT("b", KIOSK, MIN(30)),
                                 CAME("c", KIOSK, MIN(40)), LEFT("d", KIOSK, MIN(89))}};
    struct presence_rule rule = rule_of(*state, &row);
    struct presence_event all[EVENTS];
    const struct presence_event *scratch[EVENTS];
    size_t n = take_events(&row, all);
    struct presence p;

    presence_derive(&rule, all, n, scratch, &p);
    assert_int_equal(p.in_at, START + MIN(3));
    assert_int_equal(p.out_at, START + MIN(89));
    assert_int_equal(p.minutes_present, 27 + 49);
    presence_derive(&rule, all, 3, scratch, &p);
    assert_int_equal(p.out_at, 0);
    assert_int_equal(p.minutes_present, 27 + 50);
}

static void test_the_code_of_a_word_and_of_an_excuse(void **state)
{
    struct row row = {.events = {SAID("w", ABSENT, MIN(3)), EXCUSED("e", -1, -1)}};
    struct presence_rule rule = rule_of(*state, &row);
    struct presence_event all[EVENTS];
    const struct presence_event *scratch[EVENTS];
    struct presence p;

    (void)take_events(&row, all);
    all[0].code = STR("U");
    all[1].code = STR("M");
    presence_derive(&rule, all, 1, scratch, &p);
    assert_true(str_is(p.code, "U"));
    presence_derive(&rule, all, 2, scratch, &p);
    assert_true(str_is(p.code, "M"));
}

static void test_names_go_both_ways(void **state)
{
    (void)state;
    for (int s = 0; s < PRESENCE_STATUSES; s++)
        assert_int_equal(presence_status_of(str_of(presence_status_name((enum presence_status)s))),
                         s);
    for (int w = 0; w < WAY_COUNT; w++)
        assert_int_equal(way_of(str_of(way_name((enum presence_way)w))), w);
    assert_int_equal(presence_status_of(STR("here")), PRESENCE_STATUSES);
    assert_int_equal(way_of(STR("fence")), WAY_COUNT);
}

static void test_ways_are_read_and_written(void **state)
{
    static const struct {
        const char *text, *again;
    } good[] = {
        {"any", "any"},
        {" manual ", "manual"},
        {"face", "face"},
        {"qr + subnet | self+fence", "qr+subnet|self+fence"},
        {"qr+face", "face+qr"},
        {"live+self+fence", "self+fence+live"},
        {"kiosk|kiosk|pin", "kiosk|pin"},
        {"face|kiosk|self|class_photo|qr|pin|device|import",
         "face|kiosk|self|class_photo|qr|pin|device|import"},
    };

    for (size_t i = 0; i < COUNT(good); i++) {
        struct presence_ways ways;

        assert_int_equal(ways_parse(*state, str_of(good[i].text), "/ways", &ways), ERR_OK);
        assert_string_equal(ways_text(*state, &ways).at, good[i].again);
    }
}

static void test_the_order_of_ways_has_no_meaning(void **state)
{
    static const struct {
        const char *one, *other;
        bool same;
    } pairs[] = {
        {"kiosk|self+fence", "fence + self | kiosk", true},
        {"kiosk|kiosk|pin", "pin|kiosk", true},
        {"any", "any", true},
        {"manual", "manual", true},
        {"any", "manual", false},
        {"kiosk|pin", "kiosk", false},
        {"kiosk|self+fence", "kiosk|self+subnet", false},
        {"kiosk|self", "kiosk|pin", false},
    };

    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct presence_ways one, other;

        assert_int_equal(ways_parse(*state, str_of(pairs[i].one), "/ways", &one), ERR_OK);
        assert_int_equal(ways_parse(*state, str_of(pairs[i].other), "/ways", &other), ERR_OK);
        assert_int_equal(ways_same(&one, &other), pairs[i].same);
        assert_int_equal(ways_same(&other, &one), pairs[i].same);
    }
}

static void test_wrong_ways_say_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "must not be empty"},
        {"  ", "must not be empty"},
        {"face|", "ends with a |"},
        {"|face", "needs a way"},
        {"face||qr", "needs a way"},
        {"face+", "ends with a +"},
        {"face++qr", "is no way"},
        {"fence", "needs a way"},
        {"faces", "\"faces\" is no way and no condition"},
        {"FACE", "is no way"},
        {"face+any", "\"any\" stands alone"},
        {"face|manual", "\"manual\" stands alone"},
        {"face|kiosk|self|class_photo|qr|pin|device|import|face+qr", "more than 8"},
    };
    struct ctx *ctx = *state;
    char text[WAYS_TEXT + 2];

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct presence_ways ways;

        fault_clear(ctx);
        assert_int_equal(ways_parse(ctx, str_of(bad[i].text), "/ways", &ways), ERR_INVALID);
        assert_non_null(ctx->fault.fields);
        assert_true(str_is(ctx->fault.fields->pointer, "/ways"));
        assert_true(ctx->fault.fields->allowed.len > 0);
        assert_says(ctx->fault.fields->detail.at, bad[i].says, i);
    }
    memset(text, 'x', sizeof(text));
    assert_int_equal(
        ways_parse(ctx, (struct str){text, WAYS_TEXT + 1}, "/ways", &(struct presence_ways){0}),
        ERR_INVALID);
}

static void test_what_ways_allow_and_need(void **state)
{
    struct presence_ways ways;

    assert_int_equal(
        ways_parse(*state, STR("self+fence+live|self+fence|face+qr|pin"), "/ways", &ways), ERR_OK);
    assert_true(ways_allow(&ways, WAY_SELF) && ways_allow(&ways, WAY_QR));
    assert_true(ways_allow(&ways, WAY_MANUAL));
    assert_false(ways_allow(&ways, WAY_KIOSK));
    assert_int_equal(ways_needed(&ways, WAY_SELF), FACT_FENCE);
    assert_int_equal(ways_needed(&ways, WAY_QR), 0);
    assert_int_equal(ways_needed(&ways, WAY_KIOSK), 0);
    assert_int_equal(ways_parse(*state, STR("any"), "/ways", &ways), ERR_OK);
    assert_true(ways_allow(&ways, WAY_DEVICE));
    assert_int_equal(ways_needed(&ways, WAY_DEVICE), 0);
    assert_int_equal(ways_parse(*state, STR("manual"), "/ways", &ways), ERR_OK);
    assert_false(ways_allow(&ways, WAY_DEVICE));
    assert_true(ways_allow(&ways, WAY_MANUAL));
}

static void test_rates(void **state)
{
    struct presence_tally t = {.sessions = 21,
                               .present = 10,
                               .late = 4,
                               .partial = 2,
                               .left_early = 1,
                               .remote = 1,
                               .absent = 2,
                               .excused = 1,
                               .weight = 17000};

    (void)state;
    assert_int_equal(presence_counted(&t), 20);
    assert_true(presence_rate(&t) == 0.85);
    assert_true(absence_rate(&t) == 0.15);
    assert_true(presence_rate(&(struct presence_tally){.sessions = 3, .excused = 3}) == 1.0);
    assert_true(absence_rate(&(struct presence_tally){.sessions = 3, .excused = 3}) == 0.0);
}

/* Every share of absences in up to 400 sessions stands on the right side of its bound. */
static void test_the_ladder_has_exact_steps(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 400; n++)
        for (int64_t absent = 0; absent <= n; absent++) {
            struct presence_tally t = {
                .present = n - absent, .absent = absent, .weight = 1000 * (n - absent)};
            const char *want = 100 * absent >= 25 * n   ? "failing"
                               : 100 * absent >= 20 * n ? "critical"
                               : 100 * absent >= 15 * n ? "warning"
                                                        : "fine";

            assert_string_equal(absence_level(absence_rate(&t)), want);
            assert_string_equal(absence_level(1.0 - presence_rate(&t)), want);
        }
}

/* Minutes of UTC before which and from which on it is another half-day. */
static void test_half_days_are_the_zones(void **state)
{
    static const struct {
        const char *zone, *day;
        const char *before, *after; /* the last minute of the morning, the first of the afternoon */
    } halves[] = {
        {"UTC", "2031-03-12", "2031-03-12T12:59:59.999Z", "2031-03-12T13:00:00Z"},
        /* In Ramadan, and after it. */
        {"Africa/Casablanca", "2026-03-12", "2026-03-12T12:59:59Z", "2026-03-12T13:00:00Z"},
        {"Africa/Casablanca", "2026-04-12", "2026-04-12T11:59:59Z", "2026-04-12T12:00:00Z"},
        {"Asia/Kathmandu", "2026-03-12", "2026-03-12T07:14:59Z", "2026-03-12T07:15:00Z"},
        /* The days when clocks change: one o'clock is one o'clock. */
        {"Europe/Paris", "2026-03-29", "2026-03-29T10:59:59Z", "2026-03-29T11:00:00Z"},
        {"Europe/Paris", "2026-10-25", "2026-10-25T11:59:59Z", "2026-10-25T12:00:00Z"},
        {"America/New_York", "2026-03-08", "2026-03-08T16:59:59Z", "2026-03-08T17:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(halves); i++) {
        struct str zone = str_of(halves[i].zone);
        int64_t day = 0;
        int64_t at = 0;

        assert_true(day_number(str_of(halves[i].day), &day));
        assert_true(time_parse(str_of(halves[i].before), &at));
        assert_int_equal(half_day_of(zone, 780, at), 2 * day);
        assert_true(time_parse(str_of(halves[i].after), &at));
        assert_int_equal(half_day_of(zone, 780, at), 2 * day + 1);
        assert_true(half_day_is_afternoon(2 * day + 1) && !half_day_is_afternoon(2 * day));
    }
    assert_int_equal(half_day_of(STR("Europe/Paris"), 780, -1), 0); /* 00:59 of 1970-01-01 */
    assert_int_equal(half_day_of(STR("UTC"), 780, -1), -1);         /* the last evening of 1969 */
    assert_int_equal(half_day_of(STR("UTC"), 780, 253402300799999), 2 * 2932896 + 1); /* of 9999 */
    assert_int_equal(half_day_of(STR("No/Zone"), 780, -86400000), -2);
}

static void test_a_half_day_is_absent_when_one_of_its_sessions_is(void **state)
{
    struct half_mark marks[] = {
        {6, false, false}, {4, false, true},  {5, true, false},  {4, false, false},
        {5, false, true},  {6, false, false}, {-1, true, false}, {8, false, true},
    };
    struct presence_tally t = half_days_tally(marks, COUNT(marks));

    (void)state;
    assert_int_equal(t.sessions, 5); /* -1 and 5 absent, 4 and 8 excused, 6 attended */
    assert_int_equal(t.absent, 2);
    assert_int_equal(t.excused, 2);
    assert_int_equal(t.present, 1);
    assert_true(presence_rate(&t) == 1.0 / 3.0);
    t = half_days_tally(NULL, 0);
    assert_true(t.sessions == 0 && presence_rate(&t) == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, ctx_setup, ctx_teardown),
        cmocka_unit_test(test_every_reason_has_a_row),
        ctx_test(test_times_of_coming_and_going),
        ctx_test(test_the_code_of_a_word_and_of_an_excuse),
        cmocka_unit_test(test_names_go_both_ways),
        ctx_test(test_ways_are_read_and_written),
        ctx_test(test_the_order_of_ways_has_no_meaning),
        ctx_test(test_wrong_ways_say_what_is_wrong),
        ctx_test(test_what_ways_allow_and_need),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_half_days_are_the_zones),
        cmocka_unit_test(test_a_half_day_is_absent_when_one_of_its_sessions_is),
        cmocka_unit_test(test_the_ladder_has_exact_steps),
    };

    return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
