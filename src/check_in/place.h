/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where a check-in comes from: inside the circle around its room, from the room's network. What a
 * phone says of its position is used here and forgotten: kept are the fact and a rounded distance.
 */
#include "base/ctx.h"
#include "base/schema.h"

#include "presence/ways.h"

enum {
    PLACE_ACCURACY_MAX_M = 150, /* known no better than this is not known */
    PLACE_BENEFIT_MAX_M = 100,  /* so much of the inaccuracy speaks for the person */
};

/* What a phone says. */
struct place {
    double latitude, longitude; /* degrees, WGS 84 */
    double accuracy_m;          /* radius of 95 % confidence, as browsers give it */
};
extern const struct schema place_schema;

/* What the school says of a room. Unset: nothing. */
struct place_room {
    struct opt_str network; /* CIDR, comma between several */
    struct opt_f64 latitude, longitude;
    struct opt_i64 radius_m;
};

enum place_fence {
    FENCE_INSIDE,
    FENCE_OUTSIDE,
    FENCE_VAGUE,   /* the position is not known well enough */
    FENCE_UNSAID,  /* no position was sent */
    FENCE_UNKNOWN, /* the room has no circle */
};

/* What is kept of it. */
struct place_finding {
    uint32_t facts; /* FACT_FENCE, FACT_SUBNET */
    enum place_fence fence;
    bool has_network; /* the room has one */
    /* For inside and outside, of the middle of the room; for vague only the accuracy. In metres,
     * rounded up to tens. */
    int64_t distance_m, accuracy_m;
};

/* Metres over ground on a sphere of 6,371,008.8 m (IUGG mean radius R1) by the haversine formula:
 * R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984) 159. */
double place_distance_m(double lat_a, double lon_a, double lat_b, double lon_b);

/* `place` may be NULL. Inside: distance - min(accuracy, 100 m) <= radius, accuracy <= 150 m. */
struct place_finding place_judge(struct ctx *ctx, const struct place_room *room,
                                 const struct place *place);
/* Of the session's room and ctx->ip. ERR_NOT_FOUND: no such session. */
must_check enum err place_of_session(struct ctx *ctx, int64_t session_id, const struct place *place,
                                     struct place_finding *ret);

const char *place_fence_name(enum place_fence f); /* "inside" … */
/* What is kept with the event: "40 m ± 20 m"; absent when nothing was measured. */
struct opt_str place_note(struct ctx *ctx, const struct place_finding *f);
/* One sentence for people about what is missing of `needed` (FACT_FENCE, FACT_SUBNET); empty when
 * nothing is. `language`: "en", "fr", "ar". */
struct str place_why(struct ctx *ctx, const struct place_finding *f, uint32_t needed,
                     const char *language);
