/* SPDX-License-Identifier: MIT */
/* Content-Type headers. */
#include "http/media.h"

bool media_is(struct str content_type, const char *type)
{
    return str_eq_nocase(str_trim(str_cut(&content_type, ';')), str_of(type));
}

static struct str unquoted(struct str s)
{
    if (s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"')
        return (struct str){s.at + 1, s.len - 2};
    return s;
}

bool media_is_json(struct str content_type)
{
    struct str rest = content_type;
    struct str type = str_trim(str_cut(&rest, ';'));

    if (!str_eq_nocase(type, STR("application/json")))
        return false;
    while (rest.len) {
        struct str value = str_trim(str_cut(&rest, ';'));
        struct str name = str_cut(&value, '=');

        if (str_eq_nocase(name, STR("charset")) && !str_eq_nocase(unquoted(value), STR("utf-8")))
            return false;
    }
    return true;
}
