/* SPDX-License-Identifier: MIT */
#pragma once
/* Rows of the field tables that sessions, weekly series and session requests have in common: what
 * kind of lesson, how it is held, and when. `type_` is the struct that has the members. */
#include "base/schema.h"

#define SESSION_KINDS ONE_OF("course", "lab", "workshop", "exam")
#define SESSION_MODES ONE_OF("in_person", "remote", "hybrid")

/* Of an answer. */
#define KIND_FIELDS(type_)                                                                         \
    FIELD(type_, kind, "Kind", .required = true, .one_of = SESSION_KINDS),                         \
        FIELD(type_, mode, "Mode", .required = true, .one_of = SESSION_MODES)

/* Of something new. */
#define KIND_FIELDS_NEW(type_)                                                                     \
    FIELD(type_, kind, "Kind", .required = true, .one_of = SESSION_KINDS,                          \
          .example = "\"course\""),                                                                \
        FIELD(type_, mode, "Mode", .required = true, .one_of = SESSION_MODES,                      \
              .example = "\"in_person\"")
#define TIME_FIELDS_NEW(type_)                                                                     \
    FIELD(type_, starts_at, "Start", .required = true, .format = "date-time",                      \
          .example = "\"2026-02-03T09:00:00Z\""),                                                  \
        FIELD(type_, ends_at, "End", .required = true, .format = "date-time",                      \
              .example = "\"2026-02-03T11:00:00Z\""),                                              \
        FIELD(type_, time_zone, "IANA zone; the school's when absent", .max = 64,                  \
              .format = "time-zone", .example = "\"Africa/Casablanca\"")

/* Of a change: what is absent stays. */
#define KIND_FIELDS_CHANGE(type_)                                                                  \
    FIELD(type_, kind, "Kind", .one_of = SESSION_KINDS, .no_null = true, .example = "\"lab\""),    \
        FIELD(type_, mode, "Mode", .one_of = SESSION_MODES, .no_null = true,                       \
              .example = "\"hybrid\"")
#define TIME_FIELDS_CHANGE(type_)                                                                  \
    FIELD(type_, starts_at, "Start", .format = "date-time", .no_null = true,                       \
          .example = "\"2026-02-03T09:00:00Z\""),                                                  \
        FIELD(type_, ends_at, "End", .format = "date-time", .no_null = true,                       \
              .example = "\"2026-02-03T11:00:00Z\""),                                              \
        FIELD(type_, time_zone, "IANA zone", .max = 64, .format = "time-zone", .no_null = true,    \
              .example = "\"Africa/Casablanca\"")
