/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The rules of presence: one pure function from what is known of a student in a session to what the
 * register says. It reads no clock, no database and no order of arrival: the same set of events
 * gives the same answer in whichever order they came (tests/unit/test_presence_orders.c).
 */
#include "presence/ways.h"

/* `unmarked` is no category of a code: nothing is known yet. */
enum presence_status {
    PRESENCE_UNMARKED,
    PRESENCE_PRESENT,
    PRESENCE_LATE,
    PRESENCE_PARTIAL,
    PRESENCE_LEFT_EARLY,
    PRESENCE_EXCUSED,
    PRESENCE_ABSENT,
    PRESENCE_REMOTE,
    PRESENCE_STATUSES
};

enum presence_direction { GOING_IN, GOING_OUT, GOING_UNKNOWN };

enum presence_kind {
    PRESENCE_CHECK,  /* seen by a way */
    PRESENCE_WORD,   /* a person said `status` (mark, change) */
    PRESENCE_UNDO,   /* takes the event `undoes` back, also when that arrives later */
    PRESENCE_CLOSE,  /* the register was closed: who did not come is absent */
    PRESENCE_EXCUSE, /* an approved justification covers the absence */
};

struct presence_event {
    struct str uid; /* unique; the last word of every comparison, so that ties are fixed */
    enum presence_kind kind;
    enum presence_way way; /* of a check */
    enum presence_direction direction;
    uint32_t facts;                 /* enum presence_fact */
    int64_t at;                     /* when it was (occurred_at), ms */
    enum presence_status status;    /* of a word; of an excuse: PRESENCE_EXCUSED */
    struct str code;                /* of a word or excuse; empty: the category's default */
    struct str undoes;              /* of an undo: a uid */
    int64_t covers_from, covers_to; /* of an excuse: this part of the session; 0, 0: all of it */
};

/* What the session asks. Minutes are whole, the bounds inclusive as in product rules: late when
 * more than `late_after_min` minutes after the start. */
struct presence_rule {
    int64_t starts_at, ends_at;
    int64_t open_before_min, late_after_min, absent_after_min;
    int64_t min_minutes; /* 0: no such rule */
    bool check_out;
    bool remote, hybrid; /* the session's mode */
    struct presence_ways ways;
};

/* Why the register says what it says. Names (presence_reason_name) are kept in records. */
#define PRESENCE_REASONS(X)                                                                        \
    X(NOTHING, "nothing")                 /* no event yet */                                       \
    X(ON_TIME, "on_time")                 /* checked in before it was late */                      \
    X(CAME_LATE, "came_late")             /* after late_after_min */                               \
    X(CAME_TOO_LATE, "came_too_late")     /* after absent_after_min: counted absent */             \
    X(TOO_EARLY, "too_early")             /* only before the check-in opened */                    \
    X(AFTER_END, "after_end")             /* only after the session */                             \
    X(WAY_NOT_ALLOWED, "way_not_allowed") /* seen, but no alternative of `ways` is complete */     \
    X(NOT_IN_FENCE, "not_in_fence")       /* only the fence is missing */                          \
    X(NOT_IN_SUBNET, "not_in_subnet")     /* only the network is missing */                        \
    X(NOT_LIVE, "not_live")               /* only the liveness is missing */                       \
    X(SECOND_WAY, "second_way")           /* one way of two is there, the other is missing */      \
    X(NO_CHECK_OUT, "no_check_out")       /* came, never checked out, the session asks for it */   \
    X(WENT_EARLY, "went_early") /* checked out more than late_after_min before the end */          \
    X(TOO_SHORT, "too_short")   /* there for less than min_minutes */                              \
    X(REGISTER_CLOSED, "register_closed") /* did not come; the register was closed */              \
    X(PERSON_SAID, "person_said")         /* a person marked or corrected */                       \
    X(JUSTIFIED, "justified")             /* an approved justification */

enum presence_reason {
#define X(id, name) REASON_##id,
    PRESENCE_REASONS(X)
#undef X
        REASON_COUNT
};

/* What the register says of one student. */
struct presence {
    enum presence_status status;
    struct str code;                 /* empty: the default of the category */
    enum presence_status derived;    /* what the rules alone say, without words and excuses */
    enum presence_reason reason;     /* of `status` */
    const struct presence_event *by; /* the event that decided, within `events`; NULL: none */
    int64_t in_at, out_at;           /* 0: none; out_at is 0 again when the student came back */
    int64_t minutes_late;            /* of an arrival that is late or too late, also when somebody
                                        says otherwise; of a word `late` without check-in: when it
                                        was said, inside the session; else 0 */
    int64_t minutes_present;         /* within the session, breaks taken off, to its end when
                                        nobody saw the student leave; -1: not known (no check-in
                                        that counts, or no check-out where it is asked for) */
};

/*
 * Derives; events of one student in any order, doubles by uid count once (with other content: the
 * smaller, so that it is always the same one). `scratch` holds n pointers. No clock: what has not
 * happened is not in `events`. Closing is an event: give it for everybody once the register is
 * closed, also for those who came; of a register that was opened again leave it out or undo it.
 *
 * An undo takes any event back but an undo. A word: the latest by time that was not undone decides;
 * a word `unmarked` gives the decision back to the rules. An excuse then turns absent, late,
 * partial and left early into excused, whoever said so, when all excuses together cover what was
 * missed: before a late arrival, after an early leaving, otherwise the whole session; an excuse
 * for the whole session also excuses who is not marked yet. Present stays present.
 *
 * Otherwise the checks decide. Of each alternative of `ways` the time when it was complete: the
 * latest of the earliest check-in of each way, with all its conditions, inside the window from
 * open_before_min before the start to the end, both included; of those the earliest is the
 * arrival. Whole minutes after the start, floor((arrival - start) / 60,000): more than
 * absent_after_min: absent; then too short for min_minutes, or closed without the check-out that is
 * asked for: partial; checked out more than late_after_min whole minutes before the end: left
 * early; more than late_after_min after the start: late; else present (remote in a remote session,
 * and in a hybrid one unless something saw the student in the room: kiosk, face, class photo,
 * device, by hand, inside the fence or from the subnet). Without an arrival: unmarked, or absent
 * once there is a close. Checks that fit no alternative neither check in nor out.
 *
 * Unknown directions are read as in; where check-outs are asked for, the last of the checks since
 * the opening is read as out when it came five minutes or more after the first of them.
 */
void presence_derive(const struct presence_rule *rule, const struct presence_event *events,
                     size_t n, const struct presence_event **scratch, struct presence *ret);

const char *presence_status_name(enum presence_status s); /* "unmarked" "present" … */
/* PRESENCE_STATUSES: no such status. */
enum presence_status presence_status_of(struct str name);
const char *presence_reason_name(enum presence_reason r);
/* One sentence for people in "en" (also for any other), "fr" or "ar", with the numbers of `p` and
 * `rule`; in ctx's arena. */
struct str presence_why(struct ctx *ctx, const struct presence_rule *rule, const struct presence *p,
                        const char *language);
