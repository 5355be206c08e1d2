/* SPDX-License-Identifier: MIT */
/* Answers questions about zones, a line each, so that zone_python.py can compare with Python's. */
#include <stdio.h>
#include <string.h>

#include "base/zone.h"

static void tell_local(struct str zone, struct str ms)
{
    struct local_time t;
    int64_t v;

    if (!str_to_i64(ms, &v) || !zone_local(zone, v, &t))
        puts("-");
    else
        printf("%04d-%02d-%02d %d %d %d %d\n", (int)t.year, t.month, t.day, t.minute, t.second,
               t.weekday, (int)t.offset_s);
}

static void tell_utc(struct str zone, struct str day, struct str minute)
{
    enum zone_fit fit;
    int64_t v;
    int64_t ms;

    if (!str_to_i64(minute, &v) || !zone_utc_day(zone, day, v, &ms, &fit))
        puts("-");
    else
        printf("%lld %d\n", (long long)ms, (int)fit);
}

int main(void)
{
    char line[200];

    while (fgets(line, sizeof(line), stdin)) {
        struct str rest = {line, strcspn(line, "\n")};
        struct str zone = str_cut(&rest, ' ');
        struct str first = str_cut(&rest, ' ');

        if (rest.len)
            tell_utc(zone, first, rest);
        else
            tell_local(zone, first);
    }
    return 0;
}
