/* SPDX-License-Identifier: MIT */
#pragma once
/* One socket's frames, by libwslay over a non-blocking descriptor. One thread at a time. */
#include "base/buf.h"

struct ws_frames;

struct ws_frames_ops {
    void (*message)(void *user, bool binary, struct str data);
    void (*alive)(void *user); /* something came */
    void *user;
};

enum ws_close_code { WS_GOING_AWAY = 1001, WS_POLICY = 1008, WS_TRY_LATER = 1013 };

/* `early` are bytes that were read before. */
struct ws_frames *ws_frames_create(int fd, struct str early, size_t message_max,
                                   const struct ws_frames_ops *ops);
/* Takes NULL. */
void ws_frames_destroy(struct ws_frames *f);
/* Reads and writes what goes without waiting. False: it is over. */
bool ws_frames_pump(struct ws_frames *f);
bool ws_frames_want_write(struct ws_frames *f);
void ws_frames_text(struct ws_frames *f, struct str text);
void ws_frames_ping(struct ws_frames *f);
void ws_frames_close(struct ws_frames *f, enum ws_close_code code);
