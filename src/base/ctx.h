/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a piece of work carries: its memory, its time, who asks, its database, what went wrong.
 * One worker thread owns one ctx; it is reset between requests. Nothing in it is shared.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

struct db;
struct face;
struct face_models;
struct hub;
struct live_runs;
struct session_watch;
struct settings;
struct ws_server;
struct auth_keys;
struct vault;

/* What all workers share: made at start, wired in app/, read-only for everybody else. */
struct services {
    const struct settings *settings;
    struct auth_keys *auth_keys;               /* signs access tokens: auth/ */
    struct vault *vault;                       /* the master key: enrolment/ */
    struct hub *hub;                           /* live events; NULL in command-line tools */
    struct ws_server *sockets;                 /* camera streams; NULL in command-line tools */
    struct live_runs *live_runs;               /* liveness sessions; NULL in command-line tools */
    int64_t started_ms;                        /* by the monotonic clock */
    struct face_models *models;                /* NULL in command-line tools that need none */
    struct pool *pool;                         /* for work in slices; NULL in command-line tools */
    const struct session_watch *session_watch; /* the ledger: sessions/watch.h */
};

enum role {
    ROLE_NONE,
    ROLE_ADMIN,
    ROLE_TRAINER,
    ROLE_STUDENT,
    ROLE_GUARDIAN,
    ROLE_KIOSK,
    ROLE_COUNT
};

/* "admin", "trainer", "student", "guardian", "kiosk" (a device, no account); "none" for nobody. */
const char *role_name(enum role r);
/* ROLE_NONE when the name is not a role's. */
enum role role_of(struct str name);

enum { WARDS_MAX = 8 };

struct actor {
    enum role role;
    int64_t user_id;
    int64_t login_id;         /* the refresh-token family behind this request */
    int64_t trainer_id;       /* 0 unless the user is a trainer */
    int64_t student_id;       /* 0 unless the user is a student */
    int64_t wards[WARDS_MAX]; /* the students a guardian answers for, when the request began */
    size_t n_wards;
    int64_t device_id; /* 0 unless it is a device; then there is no user */
    int64_t room_id;   /* the device's */
};

/* The account whose rows in the table `guardian` say what the caller may see; 0: no guardian. */
static inline int64_t actor_guardian(const struct actor *a)
{
    return a->role == ROLE_GUARDIAN ? a->user_id : 0;
}
/* Whether the caller is a guardian of the student. */
bool actor_has_ward(const struct actor *a, int64_t student_id);

/* One wrong field; `code` is stable and translated by the UI, `detail` is English for people. */
struct field_error {
    struct field_error *next;
    struct str pointer; /* JSON pointer of a body member, or the parameter's name */
    const char *code;   /* required unknown type min max length one_of format encoding */
    struct str detail;
    struct str allowed; /* what would have been taken, "1..200"; may be empty */
};

struct fault {
    enum err err;
    struct str detail;
    struct field_error *fields, **tail;
    int64_t retry_after_s; /* for TOO_MANY_REQUESTS and BUSY */
};

struct ctx {
    struct arena arena;
    const struct ports *ports;
    int64_t now; /* epoch ms, read once when the work begins */
    struct actor actor;
    struct str request_id;
    struct str ip;         /* the client's address as text */
    struct str user_agent; /* cut to 200 bytes */
    struct fault fault;
    int64_t statements; /* SQL statements run for this work: tests count them */

    struct db *db;     /* this worker's handle */
    struct face *face; /* this worker's nets; NULL when there are no models */
    const struct services *services;
};

/* Ready for the next piece of work: time read again, memory and faults gone. */
void ctx_reset(struct ctx *ctx);

/* The client's address for counting what it does: of an IPv6 address the first half, since whoever
 * has one has all 2^64 that begin alike. */
struct str ctx_network(struct ctx *ctx);
/* IANA zone of the school: the option `time_zone`; UTC where there are no options. */
struct str ctx_school_zone(const struct ctx *ctx);

/* Says why, in English for people, and gives `e` back. The first (deepest) detail is kept. */
format_like(3, 4) enum err fail(struct ctx *ctx, enum err e, const char *fmt, ...);
/* Adds a wrong field to the fault and gives ERR_INVALID back; go on checking the other fields. */
format_like(5, 6) enum err fail_field(struct ctx *ctx, const char *field, const char *code,
                                      const char *allowed, const char *fmt, ...);
#ifdef __clang_analyzer__
/* The analyser does not look into other files and would believe that these may give ERR_OK. */
#define fail(ctx, e, ...)       ((void)fail(ctx, e, __VA_ARGS__), (e))
#define fail_field(ctx, f, ...) ((void)fail_field(ctx, f, __VA_ARGS__), ERR_INVALID)
#endif
/* Forgets what was said: for a failure that was dealt with. */
void fault_clear(struct ctx *ctx);
