/* SPDX-License-Identifier: MIT */
#pragma once
/* What every list of the API takes in its query, and what it answers. */
#include "base/schema.h"

struct page_query {
    struct str cursor; /* of the page before; empty: the first page */
    int64_t limit;
    struct str sort; /* one of the list's orders; "-name" is "name" backwards */
    struct str q;
    bool archived; /* only archived things, instead of only the others */
};

struct page {
    struct list items;
    struct opt_str next_cursor; /* absent on the last page */
};

static inline bool page_is_descending(const struct page_query *q)
{
    return str_starts(q->sort, "-");
}

/* clang-format off */

/* A row of a field table for a member of the in-struct's `struct page_query page`. */
#define PAGE_FIELD(type_, member_, doc_, ...)                                                      \
    {.name = #member_, .doc = doc_, .offset = offsetof(type_, page.member_),                       \
     .type = FIELD_TYPE(type_, page.member_), .in = IN_QUERY, __VA_ARGS__}

#define PAGE_FIELDS(type_)                                                                         \
    PAGE_FIELD(type_, limit, "Items on a page", .min = 1, .max = 200, .fallback = "50",            \
               .example = "20"),                                                                   \
    PAGE_FIELD(type_, cursor, "The next_cursor of the page before", .max = 2000,                   \
               .example = "\"bmFtZQ\"")

/* A list of named things: by name, searched by name, archived things apart. */
#define PAGE_FIELDS_BY_NAME(type_)                                                                 \
    PAGE_FIELDS(type_),                                                                            \
    PAGE_FIELD(type_, sort, "Order of the list", .one_of = ONE_OF("name", "-name"),                \
               .fallback = "name", .example = "\"name\""),                                         \
    PAGE_FIELD(type_, q, "Part of the name, accents and case aside", .max = 200,                   \
               .example = "\"info\""),                                                             \
    PAGE_FIELD(type_, archived, "Only archived ones instead of only the others",                   \
               .fallback = "false", .example = "false")

/* The field table of a page whose items have the schema `items_`. */
#define PAGE_OUT(items_)                                                                           \
    {                                                                                              \
        FIELD(struct page, items, "The things on this page", .items = &(items_), .max = 200),      \
        FIELD(struct page, next_cursor, "Give it as `cursor` for the next page; null on the last", \
              .example = "null"),                                                                  \
    }
/* clang-format on */
