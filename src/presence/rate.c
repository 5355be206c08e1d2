/* SPDX-License-Identifier: MIT */
/* The rate of presence, from counts. */
#include "presence/rate.h"

enum { WHOLE = 1000 }; /* the weight of a session attended */

/* A rate that was carried through JSON or SQL may have lost its last bit. */
#define TOLERANCE 1e-9

void presence_add(struct presence_tally *to, const struct presence_tally *t)
{
    to->sessions += t->sessions;
    to->present += t->present;
    to->late += t->late;
    to->partial += t->partial;
    to->left_early += t->left_early;
    to->remote += t->remote;
    to->absent += t->absent;
    to->excused += t->excused;
    to->weight += t->weight;
}

int64_t presence_counted(const struct presence_tally *t)
{
    return t->present + t->late + t->partial + t->left_early + t->remote + t->absent;
}

double presence_rate(const struct presence_tally *t)
{
    int64_t counted = presence_counted(t);

    return counted ? (double)t->weight / (double)(WHOLE * counted) : 1.0;
}

double absence_rate(const struct presence_tally *t)
{
    int64_t counted = presence_counted(t);

    return counted ? (double)(WHOLE * counted - t->weight) / (double)(WHOLE * counted) : 0.0;
}

const char *absence_level(double absence)
{
    if (absence >= 0.25 - TOLERANCE)
        return "failing";
    if (absence >= 0.20 - TOLERANCE)
        return "critical";
    return absence >= 0.15 - TOLERANCE ? "warning" : "fine";
}
