/* SPDX-License-Identifier: MIT */
#pragma once
/* Paths by their segments: what the matcher, the checks and the OpenAPI document share. */
#include "http/route.h"

/* "GET"; "OPTIONS" for what is no method of a route. */
const char *http_method_name(enum http_method m);

struct path_walk {
    struct str rest;
    bool done;
};

/* Over the segments of "/a/{b}/c". A path without a leading slash has none. */
struct path_walk path_walk(struct str path);
bool path_next(struct path_walk *w, struct str *segment);
/* "{student_id}" */
bool segment_is_param(struct str segment);
