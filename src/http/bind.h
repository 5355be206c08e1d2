/* SPDX-License-Identifier: MIT */
#pragma once
/* Request → the route's in-struct. All field errors together. */
#include "http/route.h"

/* One part of multipart/form-data, complete in memory. */
struct form_part {
    struct form_part *next;
    struct str name;
    bool is_file;
    struct file file; /* `data` also for plain fields */
};

struct bind_source {
    struct str params[4];         /* raw path segments, from the match */
    struct str query;             /* raw query string without '?' */
    struct str content_type;      /* raw header */
    struct str body;              /* JSON text; empty for multipart */
    const struct form_part *form; /* parts of multipart/form-data */
    bool has_body;
    /* The value of a request header, for IN_HEADER fields (x_name is X-Name). May be NULL. */
    struct str (*header)(void *user, const char *name);
    void *user;
};

/* x_device_name → X-Device-Name, cut at the end of `ret`. */
enum { HEADER_NAME_MAX = 64 };
void bind_header_name(const char *field, char ret[HEADER_NAME_MAX]);

/*
 * Fills `ret` (zeroed, of the route's in-schema).
 * ERR_INVALID with all field errors; ERR_BAD_REQUEST; ERR_UNSUPPORTED_MEDIA.
 */
must_check enum err bind_request(struct ctx *ctx, const struct route *route,
                                 const struct bind_source *src, void *ret);
