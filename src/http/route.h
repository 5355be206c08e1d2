/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One row per endpoint: the router, the rights, the validation, the OpenAPI document and the
 * rights-matrix test all read this table. Handlers see only valid input from an allowed caller.
 */
#include "base/ctx.h"
#include "base/schema.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHODS };

/* id, name in the document, the roles that hold it (one letter each: admin, trainer, student,
 * guardian, kiosk or other device). */
#define PERM_LIST(X)                                                                               \
    X(UNSET, "", "")                                                                               \
    X(PUBLIC, "public", "atsgk")                                                                   \
    X(SELF, "self", "atsg")                                                                        \
    X(USERS_MANAGE, "users:manage", "a")                                                           \
    X(STRUCTURE_READ, "structure:read", "ats")                                                     \
    X(STRUCTURE_MANAGE, "structure:manage", "a")                                                   \
    X(PEOPLE_READ, "people:read", "at")                                                            \
    X(STUDENTS_READ, "students:read", "atsg")                                                      \
    X(SESSIONS_READ, "sessions:read", "atsg")                                                      \
    X(SESSIONS_MANAGE, "sessions:manage", "a")                                                     \
    X(SESSIONS_RUN, "sessions:run", "at")                                                          \
    X(ATTENDANCE_READ, "attendance:read", "atsg")                                                  \
    X(ATTENDANCE_MARK, "attendance:mark", "at")                                                    \
    X(ATTENDANCE_DENY, "attendance:deny", "ats")                                                   \
    X(RECOGNITION_MANAGE, "recognition:manage", "a")                                               \
    X(ENROLMENT_READ, "enrolment:read", "ats")                                                     \
    X(ENROLMENT_MANAGE, "enrolment:manage", "a")                                                   \
    X(CONSENT_GIVE, "consent:give", "as")                                                          \
    X(LIVENESS_MANAGE, "liveness:manage", "a")                                                     \
    X(CHECK_IN_SELF, "check-in:self", "s")                                                         \
    X(PRIVACY_READ, "privacy:read", "a")                                                           \
    X(PRIVACY_FORGET, "privacy:forget", "a")                                                       \
    X(EVENTS_READ, "events:read", "atsg")                                                          \
    X(DEVICES_MANAGE, "devices:manage", "a")                                                       \
    X(KIOSK_RUN, "kiosk:run", "k")                                                                 \
    X(GUARDIANS_MANAGE, "guardians:manage", "a")                                                   \
    X(PRESENCE_READ, "presence:read", "atsg")                                                      \
    X(PRESENCE_MANAGE, "presence:manage", "a")                                                     \
    X(SERIES_READ, "series:read", "at")                                                            \
    X(SERIES_MANAGE, "series:manage", "a")                                                         \
    X(REQUESTS_MAKE, "session-requests:make", "t")                                                 \
    X(REQUESTS_READ, "session-requests:read", "at")                                                \
    X(REQUESTS_DECIDE, "session-requests:decide", "a")                                             \
    X(CALENDARS_SHARE, "calendars:share", "atsg")                                                  \
    X(CODES_SHOW, "codes:show", "at")                                                              \
    X(PUNCH, "punches:send", "k")                                                                  \
    X(PUNCHES_READ, "punches:read", "a")                                                           \
    X(MARKS_IMPORT, "marks:import", "at")                                                          \
    X(OFFLINE_SEND, "offline:send", "atk")                                                         \
    X(DISPUTES_MAKE, "disputes:make", "s")                                                         \
    X(DISPUTES_READ, "disputes:read", "atsg")                                                      \
    X(DISPUTES_DECIDE, "disputes:decide", "at")                                                    \
    X(SIGNALS_REVIEW, "signals:review", "at")                                                      \
    X(JUSTIFICATIONS_MAKE, "justifications:make", "asg")                                           \
    X(JUSTIFICATIONS_READ, "justifications:read", "atsg")                                          \
    X(JUSTIFICATIONS_SIGN, "justifications:sign", "g")                                             \
    X(JUSTIFICATIONS_DECIDE, "justifications:decide", "a")                                         \
    X(ALERTS_READ, "alerts:read", "at")                                                            \
    X(ALERTS_MANAGE, "alerts:manage", "at")                                                        \
    X(REPORTS_READ, "reports:read", "at")                                                          \
    X(SYSTEM_READ, "system:read", "a")

enum perm {
#define X(id, name, roles) PERM_##id,
    PERM_LIST(X)
#undef X
        PERM_COUNT
};

const char *perm_name(enum perm p);
/* Whether the role holds the permission. PERM_PUBLIC: everybody, ROLE_NONE too. */
bool perm_allows(enum perm p, enum role r);

enum route_kind { ROUTE_JSON, ROUTE_SSE, ROUTE_WS };

struct req {
    struct ctx *ctx;
    const struct route *route;
    const void *in; /* the route's in-schema struct, validated */
    void *out;      /* the route's out-schema struct, zeroed; its next_cursor is sent as Link too */

    /* What the transport said, for the few that need it. */
    struct opt_i64 if_match;  /* version from If-Match */
    struct str cookie;        /* the Cookie header */
    struct str authorization; /* the Authorization header */
    struct str origin;        /* the Origin header */
    int64_t last_event_id;    /* for ROUTE_SSE; 0 when absent */

    const struct http_options *options; /* the server's own; for /readyz, /metrics and the like */

    /* What the handler may add to the answer. */
    struct reply *reply;
    /*
     * ROUTE_SSE and ROUTE_WS: the handler checks access and leaves here what the connection is
     * handed to: an object of realtime/ that the ops in http_hooks (sse, ws) understand. Whoever
     * fails after that point gives it back by the ops' `drop`; on success it becomes
     * http_answer.stream, and the transport owns it.
     */
    void *stream;
};

struct reply_header {
    struct reply_header *next;
    struct str name, value;
};

struct reply {
    int status;                   /* 0: the route's own */
    struct reply_header *headers; /* added to the answer */
    int64_t version;              /* not 0: sent as ETag */
    const char *raw_type;         /* not NULL: `raw` is the body, in place of `out` */
    struct str raw;               /* must outlive the request (arena or static) */
};

/* Adds a header to the answer; name and value must outlive the request (arena or static). */
void reply_header(struct req *req, const char *name, struct str value);

typedef enum err handler_fn(struct req *req);

struct route {
    const char *id; /* operationId: the UI calls the route by this name */
    enum http_method method;
    enum route_kind kind;
    const char *path;
    handler_fn *handler;
    const struct schema *in, *out;
    enum perm need;
    int status;             /* on success */
    const enum err *errors; /* ERR_OK-terminated: what the handler itself may return */
    const char *summary;
    const char *description;
    int64_t body_max;     /* bytes; 0: 64 KiB */
    const char *consumes; /* NULL: application/json; "multipart/form-data" */
    const char *produces; /* NULL: application/json */
    bool versioned;       /* takes If-Match (required) on PUT, PATCH and DELETE; sends ETag */
    bool last_wins;       /* versioned, but If-Match may be left out */
    bool cookies;         /* sets or clears the session cookie itself (login, refresh…) */
    bool no_csrf;         /* may be called without a session: login */
    int64_t per_minute;   /* rate limit per caller; 0: the general one; -1: none */
    /*
     * PERM_PUBLIC only: never blocks and needs no database, so it runs on the I/O thread, without
     * credentials, and is answered even when every worker is busy.
     */
    bool quick;
    const struct schema *ws_in, *ws_out; /* ROUTE_WS: documented message forms */
};

/* NOLINTNEXTLINE(bugprone-sizeof-expression) */
#define ERRORS(...) ((const enum err[]){__VA_ARGS__, ERR_OK})

struct route_table {
    const char *tag;
    const char *doc;
    const struct route *at;
    size_t n;
};

#define ROUTE_TABLE(tag_, doc_, routes_)                                                           \
    {                                                                                              \
        tag_, doc_, routes_, COUNT(routes_)                                                        \
    }

/* All tables, NULL-terminated. */
struct routes {
    const struct route_table *const *tables;
};

/* Finds what no compiler can: no permission, no summary, an unbound {param}, a duplicate id or
 * path. NULL when sound; else a sentence in ctx's arena. */
const char *routes_check(struct ctx *ctx, const struct routes *r);

struct route_match {
    const struct route *route; /* NULL: see found_path */
    bool found_path;           /* the path exists with other methods */
    struct str allow;          /* "GET, POST": for 405 and OPTIONS */
    struct str params[4];      /* raw path segments by order in the route's path */
};

/*
 * Whether a request hashes a password, and so waits in a queue of its own (base/pool.h): there is
 * a member of format "password", and it is required or its name is somewhere in the body. That is
 * not read as JSON yet: an administrator who writes the name in escapes takes a usual worker.
 */
bool route_hashes(const struct route *r, struct str body);

/* Percent-decoded path without query. HEAD is matched as GET by the caller. */
struct route_match routes_match(struct ctx *ctx, const struct routes *r, enum http_method method,
                                struct str path);
