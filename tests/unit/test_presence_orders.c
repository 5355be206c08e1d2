/* SPDX-License-Identifier: MIT */
/*
 * Order of arrival never matters: random sessions, policies and events of a student, sent in
 * batches in random orders with repetitions, always give the same record, and it is the one that a
 * second, naive writing of the rules gives. Arguments: how many replays; the seed, which is printed
 * by every run and names the first case: SEED with 1 replay shows one case again.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "check.h"
#include "presence_oracle.h"

#define START 1764576000000LL

enum { MINUTE = 60000, EVENTS = 12, SENT = 2 * EVENTS, REPLAYS = 20 };

static uint64_t first_seed;
static int64_t wanted_replays = 1000000;

struct luck {
    uint64_t state;
};

/* splitmix64: public domain arithmetic of Sebastiano Vigna. */
static uint64_t draw(struct luck *l)
{
    uint64_t z = l->state += 0x9e3779b97f4a7c15ULL;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static int64_t below(struct luck *l, int64_t n)
{
    return (int64_t)(draw(l) % (uint64_t)n);
}

static bool one_in(struct luck *l, int64_t n)
{
    return below(l, n) == 0;
}

/* Few ways, so that alternatives meet. */
static enum presence_way some_way(struct luck *l)
{
    static const enum presence_way few[] = {WAY_KIOSK, WAY_SELF, WAY_QR, WAY_FACE, WAY_DEVICE};

    return one_in(l, 24) ? WAY_MANUAL : few[below(l, COUNT(few))];
}

static uint32_t some_facts(struct luck *l, int64_t rarity)
{
    uint32_t facts = 0;

    for (uint32_t f = 0; f < 3; f++)
        if (one_in(l, rarity))
            facts |= 1U << f;
    return facts;
}

static struct presence_ways some_ways(struct luck *l)
{
    struct presence_ways w = {.any = one_in(l, 4)};

    if (w.any || one_in(l, 16))
        return w;
    for (int64_t n = 1 + below(l, 3); n; n--) {
        struct presence_clause *c = &w.clauses[w.n++];

        for (int64_t k = 1 + one_in(l, 3); k; k--) {
            enum presence_way way = some_way(l);

            c->ways |= 1U << (way == WAY_MANUAL ? WAY_PIN : way);
        }
        c->facts = some_facts(l, 4);
    }
    return w;
}

static struct presence_rule some_rule(struct luck *l)
{
    static const int64_t lengths[] = {5, 45, 90, 90, 180}, opens[] = {0, 5, 15},
                         late[] = {0, 5, 10}, absent[] = {11, 30, 720}, least[] = {0, 0, 0, 20, 60};

    return (struct presence_rule){
        .starts_at = START,
        .ends_at = START + lengths[below(l, COUNT(lengths))] * MINUTE,
        .open_before_min = opens[below(l, COUNT(opens))],
        .late_after_min = late[below(l, COUNT(late))],
        .absent_after_min = absent[below(l, COUNT(absent))],
        .min_minutes = least[below(l, COUNT(least))],
        .check_out = one_in(l, 3),
        .remote = one_in(l, 8),
        .hybrid = one_in(l, 6),
        .ways = some_ways(l),
    };
}

/* Around the bounds of the rules, often exactly there or a millisecond beside. */
static int64_t some_time(struct luck *l, const struct presence_rule *r)
{
    const int64_t bounds[] = {
        -r->open_before_min,
        0,
        r->late_after_min + 1,
        r->absent_after_min + 1,
        (r->ends_at - START) / MINUTE - r->late_after_min - 1,
        (r->ends_at - START) / MINUTE,
        (r->ends_at - START) / MINUTE - r->min_minutes,
    };

    if (one_in(l, 2))
        return START + bounds[below(l, COUNT(bounds))] * MINUTE + below(l, 3) - 1;
    return START + (below(l, 140) - 20) * MINUTE + (one_in(l, 2) ? 0 : below(l, MINUTE));
}

static struct str some_uid(struct luck *l)
{
    static const struct str uids[] = {
        {"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}, {"f", 1}, {"g", 1},  {"h", 1},
        {"i", 1}, {"j", 1}, {"k", 1}, {"l", 1}, {"m", 1}, {"n", 1}, {"aa", 2}, {"ab", 2},
    };

    return uids[below(l, COUNT(uids))];
}

static struct str some_code(struct luck *l)
{
    static const struct str codes[] = {{"", 0}, {"", 0}, {"M", 1}, {"X", 1}};

    return codes[below(l, COUNT(codes))];
}

static struct presence_event some_event(struct luck *l, const struct presence_rule *r)
{
    static const enum presence_kind kinds[] = {PRESENCE_CHECK, PRESENCE_CHECK, PRESENCE_CHECK,
                                               PRESENCE_CHECK, PRESENCE_CHECK, PRESENCE_CHECK,
                                               PRESENCE_CHECK, PRESENCE_WORD,  PRESENCE_UNDO,
                                               PRESENCE_CLOSE, PRESENCE_EXCUSE};
    static const enum presence_direction directions[] = {GOING_IN, GOING_IN, GOING_IN, GOING_OUT,
                                                         GOING_UNKNOWN};
    struct presence_event ev = {
        .uid = some_uid(l),
        .kind = kinds[below(l, COUNT(kinds))],
        .at = some_time(l, r),
    };

    if (ev.kind == PRESENCE_CHECK) {
        ev.way = some_way(l);
        ev.direction = directions[below(l, COUNT(directions))];
        ev.facts = some_facts(l, 2);
    } else if (ev.kind == PRESENCE_WORD) {
        ev.status = (enum presence_status)below(l, PRESENCE_STATUSES);
        ev.code = some_code(l);
    } else if (ev.kind == PRESENCE_UNDO) {
        ev.undoes = some_uid(l);
    } else if (ev.kind == PRESENCE_EXCUSE) {
        ev.status = PRESENCE_EXCUSED;
        ev.code = some_code(l);
        ev.covers_from = one_in(l, 2) ? 0 : some_time(l, r);
        ev.covers_to = ev.covers_from ? ev.covers_from + (1 + below(l, 60)) * MINUTE : 0;
    }
    return ev;
}

/* Batches in any order, some sent twice: a shuffled list with repetitions. */
static size_t send(struct luck *l, const struct presence_event *events, size_t n,
                   struct presence_event *sent)
{
    size_t all = n + (size_t)below(l, (int64_t)n + 1);

    for (size_t i = 0; i < all; i++) {
        size_t to = (size_t)below(l, (int64_t)i + 1);

        sent[i] = sent[to];
        sent[to] = i < n ? events[i] : events[below(l, (int64_t)n)];
    }
    return all;
}

static bool same(const struct presence *a, const struct presence *b, bool also_by)
{
    bool alike = a->status == b->status && a->derived == b->derived && a->reason == b->reason &&
                 a->in_at == b->in_at && a->out_at == b->out_at && str_eq(a->code, b->code) &&
                 a->minutes_late == b->minutes_late && a->minutes_present == b->minutes_present;

    if (alike && also_by)
        alike = a->by ? b->by && str_eq(a->by->uid, b->by->uid) : !b->by;
    return alike;
}

static void show(const char *name, const struct presence *p)
{
    print_error(
        "%-8s %s (%s), %s, code \"%.*s\", in %lld, out %lld, late %lld, there %lld, by %s\n", name,
        presence_status_name(p->status), presence_status_name(p->derived),
        presence_reason_name(p->reason), (int)p->code.len, p->code.len ? p->code.at : "",
        (long long)(p->in_at ? p->in_at - START : 0),
        (long long)(p->out_at ? p->out_at - START : 0), (long long)p->minutes_late,
        (long long)p->minutes_present, p->by ? p->by->uid.at : "-");
}

static void show_case(uint64_t seed, const struct presence_rule *r,
                      const struct presence_event *events, size_t n)
{
    print_error("seed %" PRIu64 ": run test_presence_orders 1 %" PRIu64 "\n", seed, seed);
    print_error(
        "length %lld open %lld late %lld absent %lld least %lld out %d remote %d hybrid %d"
        " any %d ways %zu\n",
        (long long)(r->ends_at - START) / MINUTE, (long long)r->open_before_min,
        (long long)r->late_after_min, (long long)r->absent_after_min, (long long)r->min_minutes,
        r->check_out, r->remote, r->hybrid, r->ways.any, r->ways.n);
    for (size_t i = 0; i < r->ways.n; i++)
        print_error("  ways %x facts %x\n", r->ways.clauses[i].ways, r->ways.clauses[i].facts);
    for (size_t i = 0; i < n; i++)
        print_error(
            "  %s kind %d way %d direction %d facts %x at %lld status %d undoes %s covers"
            " %lld %lld\n",
            events[i].uid.at, (int)events[i].kind, (int)events[i].way, (int)events[i].direction,
            events[i].facts, (long long)(events[i].at - START), (int)events[i].status,
            events[i].undoes.len ? events[i].undoes.at : "-",
            (long long)(events[i].covers_from ? events[i].covers_from - START : 0),
            (long long)(events[i].covers_to ? events[i].covers_to - START : 0));
}

struct counts {
    int64_t replays, reasons[REASON_COUNT], statuses[PRESENCE_STATUSES];
};

static bool replay_case(uint64_t seed, struct counts *count)
{
    struct luck l = {seed};
    struct presence_rule rule = some_rule(&l);
    struct presence_event events[EVENTS], sent[SENT];
    const struct presence_event *scratch[SENT];
    size_t n = (size_t)(1 + below(&l, EVENTS));
    struct presence want, oracle, got;

    for (size_t i = 0; i < n; i++)
        events[i] = some_event(&l, &rule);
    oracle_derive(&rule, events, n, &oracle);
    presence_derive(&rule, events, n, scratch, &want);
    count->reasons[want.reason]++;
    count->statuses[want.status]++;
    if (!same(&want, &oracle, false)) {
        show_case(seed, &rule, events, n);
        show("rules", &want);
        show("oracle", &oracle);
        return false;
    }
    for (int i = 0; i < REPLAYS; i++) {
        size_t all = send(&l, events, n, sent);

        /* The record of a part of the batches, as it would be written meanwhile. */
        presence_derive(&rule, sent, (size_t)below(&l, (int64_t)all + 1), scratch, &got);
        presence_derive(&rule, sent, all, scratch, &got);
        count->replays++;
        if (!same(&want, &got, true)) {
            show_case(seed, &rule, sent, all);
            show("first", &want);
            show("now", &got);
            return false;
        }
    }
    return true;
}

static void test_any_order_gives_the_same_record(void **state)
{
    struct counts count = {0};

    (void)state;
    print_message("# seed %" PRIu64 "\n", first_seed);
    for (uint64_t i = 0; count.replays < wanted_replays; i++)
        assert_true(replay_case(first_seed + i, &count));
    print_message("# %lld replays\n", (long long)count.replays);
    /* The cases reach every corner of the rules. */
    for (int r = 0; r < REASON_COUNT && wanted_replays >= 100000; r++)
        assert_true(count.reasons[r] > 0);
    for (int s = 0; s < PRESENCE_STATUSES && wanted_replays >= 100000; s++)
        assert_true(count.statuses[s] > 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order_gives_the_same_record),
    };

    if (getrandom(&first_seed, sizeof(first_seed), 0) != sizeof(first_seed))
        return 1;
    first_seed >>= 16;
    if (argc > 1)
        wanted_replays = strtoll(argv[1], NULL, 10);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests_name("presence_orders", tests, NULL, NULL);
}
