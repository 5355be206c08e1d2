/* SPDX-License-Identifier: MIT */
/* One sentence in each language of the UI. */
#include "base/words.h"

const struct field words_fields[] = {
    FIELD(struct words, en, "In English", .required = true),
    FIELD(struct words, fr, "In French", .required = true),
    FIELD(struct words, ar, "In Arabic", .required = true),
};
const struct schema words_schema = SCHEMA(words, words_fields);

struct words *words_of(struct arena *a, const struct words_row *table, size_t n, struct str text)
{
    struct words *found;

    for (size_t i = 0; i < n; i++)
        if (str_is(text, table[i].en)) {
            found = ARENA_NEW(a, struct words);
            *found = (struct words){str_of(table[i].en), str_of(table[i].fr), str_of(table[i].ar)};
            return found;
        }
    return NULL;
}
