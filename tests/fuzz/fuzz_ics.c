/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a calendar. What comes out is bounded, in the window, text and told; what is refused
 * comes with a reason; reading twice says the same.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"

#include "calendar/ics.h"
#include "fuzz.h"

static const struct ics_days window = {20454, 22646}; /* 2026 to 2031 */

static bool is_known(const char *problem)
{
    for (size_t i = 0; ics_problems[i]; i++)
        if (strcmp(ics_problems[i], problem) == 0)
            return true;
    return false;
}

static void check(const struct ics_entry *e)
{
    assert(str_is_utf8(e->uid) && str_is_utf8(e->name));
    if (e->problem) {
        assert(is_known(e->problem));
        return;
    }
    assert(e->uid.len > 0 && e->uid.len <= ICS_UID_MAX + 11);
    assert(e->name.len > 0 && str_points(e->name) <= ICS_NAME_MAX);
    assert(e->days.from < e->days.to && e->days.to - e->days.from <= ICS_SPAN_MAX);
    assert(e->days.from < window.to && e->days.to > window.from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ctx ctx = {.ports = &system_ports};
    struct str text = {(const char *)data, size};
    struct list one = {0}, two = {0};
    enum err e, again;

    ctx_reset(&ctx);
    e = ics_read(&ctx, text, window, &one);
    assert(e ? e == ERR_CALENDAR_INVALID && ctx.fault.detail.len > 0 : one.n <= ICS_ENTRIES_MAX);
    for (size_t i = 0; i < one.n; i++)
        check((const struct ics_entry *)one.at + i);
    fault_clear(&ctx);
    again = ics_read(&ctx, text, window, &two);
    /* Time may run out in one of the two. */
    if (!e && !again) {
        assert(one.n == two.n);
        for (size_t i = 0; i < one.n; i++)
            assert(str_eq(((const struct ics_entry *)one.at)[i].uid,
                          ((const struct ics_entry *)two.at)[i].uid));
    }
    return 0;
}
