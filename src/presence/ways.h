/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What counts as a check-in, in one line of text: alternatives with `|` between, each a sum of ways
 * and conditions with `+` between. "kiosk|self+fence|qr+subnet|face+qr": seen by the kiosk; or by
 * the own phone inside the fence; or by the rotating code from the school's network; or by the
 * register's camera and the code. "any": every way. "manual": only a person's word, which always
 * counts, as does a check-in of way manual (somebody saw the student come). Conditions: fence,
 * subnet, live. White space around the names does not matter.
 */
#include "base/ctx.h"

enum presence_way {
    WAY_FACE,
    WAY_KIOSK,
    WAY_SELF,
    WAY_CLASS_PHOTO,
    WAY_QR,
    WAY_PIN,
    WAY_DEVICE,
    WAY_IMPORT,
    WAY_MANUAL,
    WAY_COUNT
};

/* What is known of a check-in beside its way. Kept in events as these numbers: never renumber. */
enum presence_fact {
    FACT_FENCE = 1 << 0,   /* inside the room's circle, accuracy allowed for */
    FACT_SUBNET = 1 << 1,  /* from the room's network */
    FACT_LIVE = 1 << 2,    /* a liveness challenge was passed */
    FACT_OFFLINE = 1 << 3, /* written down without network and sent later */
};

/* One alternative: all these ways, each with all these facts. */
struct presence_clause {
    uint32_t ways; /* 1 << enum presence_way */
    uint32_t facts;
};

enum { WAYS_CLAUSES = 8, WAYS_TEXT = 200 };

struct presence_ways {
    struct presence_clause clauses[WAYS_CLAUSES];
    size_t n; /* 0: only a person's word */
    bool any;
};

/* "face" … "manual"; the method of a record. */
const char *way_name(enum presence_way way);
/* WAY_COUNT: no such way. */
enum presence_way way_of(struct str name);

/* ERR_INVALID with a field error at `pointer` that says what is allowed; at most WAYS_TEXT bytes.
 * Alternatives that are there twice count once. */
must_check enum err ways_parse(struct ctx *ctx, struct str text, const char *pointer,
                               struct presence_ways *ret);
/* As text again, in its shortest form: ways and conditions in the order of their enums. */
struct str ways_text(struct ctx *ctx, const struct presence_ways *ways);
/* Whether both ask for the same: the order of alternatives has no meaning. */
bool ways_same(const struct presence_ways *a, const struct presence_ways *b);
/* For people, in "en", "fr" or "ar": "kiosk; own phone inside the room's area". */
struct str ways_say(struct ctx *ctx, const struct presence_ways *ways, const char *language);
/* Whether a check-in by this way can count at all, whatever else is known of it. */
bool ways_allow(const struct presence_ways *ways, enum presence_way way);
/* Facts that this way needs in every alternative that it is in: what to ask a client for. */
uint32_t ways_needed(const struct presence_ways *ways, enum presence_way way);
