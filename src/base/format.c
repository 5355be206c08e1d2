/* SPDX-License-Identifier: MIT */
/* Formats of texts: see format.h. */
#include "base/format.h"

#include <string.h>

#include "base/clock.h"
#include "base/macros.h"
#include "base/text.h"

static bool is_email(struct str v)
{
    const char *sign = v.len ? memrchr(v.at, '@', v.len) : NULL;

    return sign && sign > v.at && (size_t)(sign - v.at) < v.len - 1 && !str_has(v, ' ') &&
           !str_has(v, '\r') && !str_has(v, '\n');
}

bool format_holds(const char *format, struct str v)
{
    if (strcmp(format, "date") == 0)
        return date_is_valid(v);
    if (strcmp(format, "time-zone") == 0)
        return zone_is_valid(v);
    if (strcmp(format, "name") == 0)
        return text_is_name(v);
    return strcmp(format, "email") != 0 || is_email(v);
}

const char *format_told(const char *format)
{
    static const struct {
        const char *format, *told;
    } all[] = {
        {"date", "a day as 2026-09-14"},
        {"time-zone", "a time zone of the tz database as Europe/Paris"},
        {"email", "an e-mail address"},
        {"name", "one line of text"},
        {"password", "a string"},
        {"binary", "a file"},
    };

    for (size_t i = 0; i < COUNT(all); i++)
        if (strcmp(format, all[i].format) == 0)
            return all[i].told;
    return format;
}
