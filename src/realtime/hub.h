/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Live events inside one process: published after commit, handed to the subscribers who may see
 * them. Numbers are those of the event log in the database, so a reconnecting client resumes.
 */
#include "base/ctx.h"

struct hub;
struct hub_sub;

/* Whom an event is for, besides admins, who see all. 0: nobody of that kind. What is for a student
 * is for the guardians as well. */
struct audience {
    int64_t trainer_id;
    int64_t student_id;
    int64_t user_id;
};

struct event {
    int64_t id;      /* number in the event log, growing */
    struct str name; /* "attendance.marked" */
    struct str data; /* JSON object */
    struct audience audience;
};

/* An event as the subscribers share it; event_unref when done. */
struct shared_event;
const struct event *event_of(const struct shared_event *e);
void event_unref(struct shared_event *e);

/* `queue`: events that may wait for one subscriber; 0: 256. */
struct hub *hub_create(size_t queue);
/* All subscribers must be gone. Takes NULL. */
void hub_destroy(struct hub *h);
/* Copies the event. A subscriber whose queue is full is cut off: it resumes by its last number. */
void hub_publish(struct hub *h, const struct event *e);
/* Wakes every subscriber to end its stream (at stop). */
void hub_close(struct hub *h);
/* Ends the streams of one account, whose rights changed: it comes back with the new ones. */
void hub_end_account(struct hub *h, int64_t user_id);
size_t hub_subscribers(struct hub *h);

bool event_is_for(const struct event *e, const struct actor *a);

/*
 * `wake` is called from any thread, with the hub locked, when there is something new to read: it
 * must not call the hub. It is not called any more once hub_unsubscribe has returned.
 */
struct hub_sub *hub_subscribe(struct hub *h, const struct actor *a, void (*wake)(void *user),
                              void *user);
/* Takes NULL. */
void hub_unsubscribe(struct hub_sub *s);

enum hub_read { HUB_EVENT, HUB_NOTHING, HUB_END };
/* The next event for this subscriber. HUB_END: cut off, or the hub was closed. */
enum hub_read hub_next(struct hub_sub *s, struct shared_event **ret);
/* Whether hub_next would say something else than HUB_NOTHING. */
bool hub_waiting(struct hub_sub *s);
