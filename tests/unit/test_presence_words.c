/* SPDX-License-Identifier: MIT */
/* Decisions in words: every reason in three languages, with the right numbers and plurals. */
#include <string.h>

#include "ctx_test.h"
#include "presence/presence.h"

#define START   1764576000000LL
#define MIN(m_) ((int64_t)((m_)*60000LL))

static const char *const languages[] = {"en", "fr", "ar"};

static struct presence_rule rule_of(struct ctx *ctx)
{
    struct presence_rule rule = {
        .starts_at = START,
        .ends_at = START + MIN(90),
        .open_before_min = 15,
        .late_after_min = 10,
        .absent_after_min = 30,
        .min_minutes = 60,
    };

    assert_int_equal(ways_parse(ctx, STR("kiosk|self+fence|face+qr"), "/ways", &rule.ways), ERR_OK);
    return rule;
}

static const char *why(struct ctx *ctx, struct presence p, const char *language)
{
    struct presence_rule rule = rule_of(ctx);

    return presence_why(ctx, &rule, &p, language).at;
}

static void test_every_reason_in_every_language(void **state)
{
    for (int r = 0; r < REASON_COUNT; r++)
        for (size_t l = 0; l < COUNT(languages); l++) {
            struct presence p = {
                .reason = (enum presence_reason)r,
                .in_at = START + MIN(14),
                .out_at = START + MIN(50),
                .minutes_present = -1,
            };
            const char *text = why(*state, p, languages[l]);

            assert_true(strlen(text) > 10);
            assert_null(strpbrk(text, "{}"));
            assert_true(str_is_utf8(str_of(text)));
            if (l)
                assert_string_not_equal(text, why(*state, p, "en"));
        }
}

static void test_sentences(void **state)
{
    static const struct {
        struct presence p;
        const char *language, *text;
    } rows[] = {
        {{.reason = REASON_ON_TIME, .in_at = START - MIN(4)},
         "en",
         "Checked in 4 minutes before the start."},
        {{.reason = REASON_ON_TIME, .in_at = START - 1},
         "en",
         "Checked in 1 minute before the start."},
        {{.reason = REASON_ON_TIME, .in_at = START + MIN(1) - 1}, "en", "Checked in at the start."},
        {{.reason = REASON_ON_TIME, .in_at = START + MIN(1)},
         "en",
         "Checked in 1 minute after the start, still on time."},
        {{.reason = REASON_CAME_LATE, .in_at = START + MIN(14)},
         "en",
         "Checked in 14 minutes after the start; late after 10 minutes."},
        {{.reason = REASON_CAME_LATE, .in_at = START + MIN(14)},
         "fr",
         "Pointage 14 minutes après le début ; en retard au-delà de 10 minutes."},
        {{.reason = REASON_CAME_LATE, .in_at = START + MIN(14)},
         "ar",
         "تم تسجيل الحضور بعد 14 دقيقة من البداية؛ يعد متأخرا بعد 10 دقائق."},
        {{.reason = REASON_ON_TIME, .in_at = START - MIN(2)},
         "ar",
         "تم تسجيل الحضور قبل البداية بـ دقيقتين."},
        {{.reason = REASON_ON_TIME, .in_at = START + MIN(1)},
         "ar",
         "تم تسجيل الحضور بعد دقيقة واحدة من البداية، في الوقت."},
        {{.reason = REASON_CAME_TOO_LATE, .in_at = START + MIN(103)},
         "ar",
         "تم تسجيل الحضور بعد 103 دقائق من البداية؛ يحسب غائبا بعد 30 دقيقة."},
        {{.reason = REASON_WENT_EARLY, .in_at = START, .out_at = START + MIN(65)},
         "en",
         "Checked out 25 minutes before the end; left early when more than 10 minutes."},
        {{.reason = REASON_TOO_SHORT, .in_at = START, .minutes_present = 1},
         "fr",
         "Présence de 1 minute au plus ; minimum demandé : 60 minutes."},
        {{.reason = REASON_WAY_NOT_ALLOWED},
         "en",
         "Seen, but not by a way that counts here: kiosk or own phone inside the room's area or"
         " face + rotating code."},
        {{.reason = REASON_PERSON_SAID, .status = PRESENCE_ABSENT, .derived = PRESENCE_LATE},
         "en",
         "Marked by hand: absent. By the rules: late."},
        {{.reason = REASON_PERSON_SAID, .status = PRESENCE_ABSENT},
         "fr",
         "Noté à la main : absent."},
        {{.reason = REASON_JUSTIFIED, .status = PRESENCE_EXCUSED, .derived = PRESENCE_ABSENT},
         "en",
         "Covered by an approved justification; without it: absent."},
        {{.reason = REASON_NOTHING}, "de", "No check-in yet."},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(why(*state, rows[i].p, rows[i].language), rows[i].text);
}

static void test_ways_in_words(void **state)
{
    struct presence_ways ways = {.any = true};

    assert_string_equal(ways_say(*state, &ways, "en").at, "any way");
    ways.any = false;
    assert_string_equal(ways_say(*state, &ways, "fr").at, "à la main seulement");
    assert_int_equal(ways_parse(*state, STR("qr+subnet|face+live"), "/ways", &ways), ERR_OK);
    assert_string_equal(ways_say(*state, &ways, "fr").at,
                        "code tournant sur le réseau de la salle ou visage avec test du vivant");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_every_reason_in_every_language),
        ctx_test(test_sentences),
        ctx_test(test_ways_in_words),
    };

    return cmocka_run_group_tests_name("presence_words", tests, NULL, NULL);
}
