/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sentences that the server itself writes, one in each language of the UI. Where people write too,
 * such as the note of a mark, the database keeps them in English; whoever shows them gives all
 * three languages along.
 */
#include "base/arena.h"
#include "base/schema.h"

struct words {
    struct str en, fr, ar;
};
extern const struct schema words_schema;
/* Its rows, for a schema of another name. */
extern const struct field words_fields[3];

struct words_row {
    const char *en, *fr, *ar;
};
/* The row of the table whose English is `text`, in the arena; NULL: a person wrote it. */
struct words *words_of(struct arena *a, const struct words_row *table, size_t n, struct str text);
