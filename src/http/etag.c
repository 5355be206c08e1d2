/* SPDX-License-Identifier: MIT */
/*
 * Versions of things as entity tags. A tag names a state of the thing, not the bytes of an answer,
 * so W/"7", which a compressing proxy makes of "7", is taken as the same version.
 */
#include "http/etag.h"

struct str etag_of(struct arena *a, int64_t version)
{
    return arena_printf(a, "\"%lld\"", (long long)version);
}

/* What stands between the quotes of one tag; false when malformed. */
static bool read_tag(struct str tag, struct str *ret)
{
    if (str_starts(tag, "W/"))
        tag = (struct str){tag.at + 2, tag.len - 2};
    if (tag.len < 2 || tag.at[0] != '"' || tag.at[tag.len - 1] != '"')
        return false;
    *ret = (struct str){tag.at + 1, tag.len - 2};
    return !str_has(*ret, '"');
}

enum err etag_read(struct ctx *ctx, struct str if_match, int64_t *ret)
{
    struct str rest = str_trim(if_match);
    struct str tag;
    struct str found = {0};

    if (rest.len == 0)
        return fail(ctx, ERR_PRECONDITION_REQUIRED, "send If-Match with the version you have");
    if (str_is(rest, "*"))
        return fail(ctx, ERR_PRECONDITION_REQUIRED, "If-Match must name a version, not *");
    while (rest.len) {
        struct str item = str_trim(str_cut(&rest, ','));

        if (!read_tag(item, &tag))
            return fail(ctx, ERR_BAD_REQUEST, "If-Match must be a version in quotes");
        if (found.at && !str_eq(found, tag))
            return fail(ctx, ERR_BAD_REQUEST, "If-Match must name one version");
        found = tag;
    }
    if (!str_to_i64(found, ret) || *ret <= 0)
        return fail(ctx, ERR_VERSION_MISMATCH, "If-Match names no version of this");
    return ERR_OK;
}

bool etag_is_known(struct str if_none_match, int64_t version)
{
    struct str rest = str_trim(if_none_match);

    if (str_is(rest, "*"))
        return true;
    while (rest.len) {
        struct str tag;
        int64_t v;

        if (read_tag(str_trim(str_cut(&rest, ',')), &tag) && str_to_i64(tag, &v) && v == version)
            return true;
    }
    return false;
}
