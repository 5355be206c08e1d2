/* SPDX-License-Identifier: MIT */
#pragma once
/* Which sessions a series has, and making them so: private to the feature. */
#include "timetable/series_store.h"
#include "timetable/tell.h"

struct series_planning {
    struct series *series; /* as it shall be; its answers (shifted, warnings) are filled in */
    struct str from;       /* earlier days are left alone */
    struct list now;       /* struct occurrence from that day on */
    int64_t not_before;    /* sessions that would begin earlier are not made nor cancelled */
    bool skip_clashing, allow_clash;
    struct str drop_reason; /* for sessions whose days are none any more */
    int64_t changed;        /* out: sessions made, changed or cancelled */
    struct timetable_people people;
};

/* Bits of "mo" … "su"; false when one is none of them. */
bool series_weekday_bits(struct strs names, int64_t *ret);
/* The pattern's days from `from` on, as numbers; exceptions and holidays not looked at. */
struct i64s series_days(struct ctx *ctx, const struct series *s, int64_t from);
/* Whether the week of that day is one in which the series takes place. */
bool series_is_week(const struct series *s, int64_t day);

/*
 * Inside a transaction: makes, changes and cancels sessions until they are as the series says.
 * Detached ones and those that are not scheduled stay as they are.
 * ERR_TIMETABLE_CLASH, ERR_VERSION_MISMATCH.
 */
must_check enum err series_carry_out(struct ctx *ctx, struct series_planning *p);
