/* SPDX-License-Identifier: MIT */
#pragma once
/* JSON that people read in diffs: two spaces deep, one member a line. */
#include "base/buf.h"

struct doc {
    struct buf *b;
    int depth;
    bool has_items; /* of the innermost object or array */
};

/* `key` is NULL inside an array. */
void doc_object(struct doc *d, const char *key);
void doc_object_end(struct doc *d);
void doc_array(struct doc *d, const char *key);
void doc_array_end(struct doc *d);
void doc_text(struct doc *d, const char *key, const char *text);
void doc_str(struct doc *d, const char *key, struct str text);
void doc_i64(struct doc *d, const char *key, int64_t v);
void doc_bool(struct doc *d, const char *key, bool v);
/* JSON text as it is. */
void doc_raw(struct doc *d, const char *key, const char *json);
void doc_json(struct doc *d, const char *key, struct str json);
/* {"$ref": "#/components/…"} */
void doc_ref(struct doc *d, const char *key, const char *kind, const char *name);
