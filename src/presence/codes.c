/* SPDX-License-Identifier: MIT */
/* Status codes: the school's letters within fixed categories. */
#include "presence/codes.h"

#include "presence/codes_store.h"

#define F(...) FIELD(struct status_code, __VA_ARGS__)
static const struct field code_fields[] = {
    F(id, "Number of the code", .required = true, .min = 1, .example = "3"),
    F(code, "What stands in the register, taken once", .required = true, .min = 1, .max = 8,
      .example = "\"L\""),
    F(category, "What it counts as", .required = true,
      .one_of = ONE_OF("present", "late", "partial", "left_early", "excused", "absent", "remote")),
    F(label_en, "Meaning in English", .required = true, .min = 1, .max = 80, .example = "\"Late\""),
    F(label_fr, "Meaning in French", .required = true, .min = 1, .max = 80,
      .example = "\"En retard\""),
    F(label_ar, "Meaning in Arabic", .required = true, .min = 1, .max = 80, .example = "\"متأخر\""),
    F(colour, "Colour of the letter", .required = true, .example = "\"#b45309\""),
    F(weight, "Thousandths of a session attended", .required = true, .max = 1000,
      .example = "1000"),
    F(is_default, "Whether the rules give this code for its category", .required = true),
    F(position, "Place in lists", .required = true, .max = 10000, .example = "2"),
    F(archived, "Out of use: kept for the records that have it", .required = true),
    F(version, "Counts the changes; the ETag", .required = true, .min = 1, .example = "1"),
};
#undef F
const struct schema status_code_schema = SCHEMA(status_code, code_fields);

enum err codes_all(struct ctx *ctx, struct list *ret)
{
    return codes_fetch(ctx, ret);
}

enum err code_for(struct ctx *ctx, enum presence_status status, struct str asked,
                  const char *pointer, struct status_code *ret)
{
    const char *category = presence_status_name(status);
    struct status_code found = {0};
    enum err e = codes_find(ctx, str_of(category), asked, &found);

    if (e == ERR_NOT_FOUND && asked.len)
        return fail_field(ctx, pointer, "unknown", "", "there is no such status code");
    if (e)
        return e;
    if (asked.len && found.archived)
        return fail_field(ctx, pointer, "unknown", "", "this status code is out of use");
    if (asked.len && !str_is(found.category, category))
        return fail_field(ctx, pointer, "one_of", category, "this status code is not for %s",
                          category);
    *ret = found;
    return ERR_OK;
}
