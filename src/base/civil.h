/* SPDX-License-Identifier: MIT */
#pragma once
/* Days of the proleptic Gregorian calendar as numbers (Howard Hinnant's civil algorithms). */
#include <stdint.h>

struct civil {
    int64_t year, month, day; /* 1..12, 1..31 */
};

/* Days since 1970-01-01; month and day must be real ones. */
int64_t civil_days(int64_t year, int64_t month, int64_t day);
struct civil civil_of(int64_t days);
int64_t civil_month_days(int64_t year, int64_t month);
