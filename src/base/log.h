/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One line per event, JSON or logfmt, to stderr. Ids only: never a name, mail, photo, embedding,
 * token or body. The request id of ctx is added. Safe from any thread.
 */
#include <stdint.h>

#include "base/str.h"

struct ctx;

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_LOGFMT, LOG_JSON };

struct log_pair {
    const char *key;
    bool is_number;
    int64_t number;
    struct str text;
};

#define LI(key_, number_) ((struct log_pair){.key = key_, .is_number = true, .number = (number_)})
#define LS(key_, text_)   ((struct log_pair){.key = key_, .text = (text_)})
#define LC(key_, cstr_)   ((struct log_pair){.key = key_, .text = str_of(cstr_)})

void log_setup(enum log_level least, enum log_format format);
/* ctx may be NULL: an event of the process itself. */
void log_write(const struct ctx *ctx, enum log_level level, const char *event,
               const struct log_pair *pairs, size_t n);

#define LOG_PAIRS(...)                                                                             \
    (const struct log_pair[]){{0}, __VA_ARGS__} + 1,                                               \
        sizeof((const struct log_pair[]){{0}, __VA_ARGS__}) / sizeof(struct log_pair) - 1
#define log_error(ctx_, event_, ...) log_write(ctx_, LOG_ERROR, event_, LOG_PAIRS(__VA_ARGS__))
#define log_warn(ctx_, event_, ...)  log_write(ctx_, LOG_WARN, event_, LOG_PAIRS(__VA_ARGS__))
#define log_info(ctx_, event_, ...)  log_write(ctx_, LOG_INFO, event_, LOG_PAIRS(__VA_ARGS__))
#define log_debug(ctx_, event_, ...) log_write(ctx_, LOG_DEBUG, event_, LOG_PAIRS(__VA_ARGS__))
