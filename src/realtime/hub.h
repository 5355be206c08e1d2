/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Live events inside one process: published after commit, handed to the subscribers who may see
 * them. Numbers are those of the event log in the database, so a reconnecting client resumes.
 */
#include "base/ctx.h"

struct hub;
struct hub_sub;

/* Whom an event is for, besides admins, who see all. 0: nobody of that kind. */
struct audience {
    int64_t trainer_id;
    int64_t student_id;
    int64_t user_id;
};

struct event {
    int64_t id;           /* number in the event log, growing */
    struct str name;      /* "attendance.marked" */
    struct str data;      /* JSON object */
    struct audience audience;
};

struct hub *hub_create(void);
/* Ends all subscriptions: their next read says so. Takes NULL. */
void hub_destroy(struct hub *h);
void hub_publish(struct hub *h, const struct event *e);
/* Wakes every subscriber to end its stream (at stop). */
void hub_close(struct hub *h);

bool event_is_for(const struct event *e, const struct actor *a);

/* `wake` is called (from any thread, hub unlocked) when there is something new to read. */
struct hub_sub *hub_subscribe(struct hub *h, const struct actor *a, void (*wake)(void *user),
                              void *user);
void hub_unsubscribe(struct hub_sub *s);
