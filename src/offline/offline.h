/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Clients that go on without network: each has a key of its own and sends what it wrote down as
 * signed batches, later and as often as it likes. Each event counts once; the answer says what
 * became of it. docs/offline.md has the exact form.
 */
#include "base/ctx.h"
#include "base/page.h"

enum {
    OFFLINE_KEY_BYTES = 32,
    OFFLINE_EVENTS = 500,     /* in a batch */
    OFFLINE_CLIENTS = 20,     /* of one account or device, not revoked */
    OFFLINE_UID = 40,         /* characters of an event's id */
    OFFLINE_TRAVEL_MS = 5000, /* a difference of clocks that the way of the request explains */
    OFFLINE_SKEW_MS = 24 * 3600 * 1000,
    /* Between an event's being too old and its being forgotten: it may be sent again by another
     * clock, wrong the other way. */
    OFFLINE_MARGIN_MS = 3 * OFFLINE_SKEW_MS,
};

struct offline_client {
    int64_t id;
    struct str name;
    struct opt_i64 account_id, device_id; /* whose it is: one of them */
    int64_t created_at;
    struct opt_i64 last_seen_at, revoked_at;
};
extern const struct schema offline_client_schema;

struct offline_made {
    int64_t id;
    struct obj client;
    struct str key; /* base64url, shown once */
};
extern const struct schema offline_made_schema;

struct offline_filter {
    struct page_query page;
};

/* The caller's own clients; an admin sees all. ERR_INVALID: the cursor. */
must_check enum err offline_list(struct ctx *ctx, const struct offline_filter *in,
                                 struct page *ret);
/* ERR_INVALID: a blank name; ERR_CONFLICT: there are OFFLINE_CLIENTS already. */
must_check enum err offline_register(struct ctx *ctx, struct str name, struct offline_made *ret);
/* Its key is destroyed; what it sent stays. ERR_NOT_FOUND. */
must_check enum err offline_revoke(struct ctx *ctx, int64_t id);

/* One thing that happened, as the client wrote it down. */
struct offline_event {
    struct str uid;
    int64_t session_id, student_id;
    struct str way;              /* face kiosk qr pin manual */
    struct opt_str direction;    /* in out unknown; null: in */
    struct str at;               /* by the client's clock */
    struct opt_str status, code; /* of way manual: the mark that was set */
    struct opt_str note;
    int64_t at_ms; /* `at`, of any year */
};

struct offline_batch {
    int64_t client_id;
    struct str sent_at; /* by the client's clock */
    int64_t sent_ms;    /* the same, of any year */
    struct list events;
    struct str signature; /* base64url of HMAC-SHA-256 over offline_text() */
};

/* What became of an event. Final ones are kept and answered again; the others may be sent again. */
#define OFFLINE_OUTCOMES(X)                                                                        \
    X(COUNTED, "counted", true)      /* the record follows from it */                              \
    X(ALREADY, "already", true)      /* said nothing new */                                        \
    X(KEPT, "kept", true)            /* written down; the rules do not count it */                 \
    X(LOCKED, "locked", true)        /* written down; the register is confirmed */                 \
    X(CLOCK, "clock", true)          /* its time cannot be right */                                \
    X(CODE, "code", true)            /* no such status code, or of another status */               \
    X(CHANGED, "changed", false)     /* this id was used for another event, which stands */        \
    X(FORBIDDEN, "forbidden", false) /* no session that the caller may mark, or no such way */     \
    X(UNKNOWN, "unknown", false)     /* the student is not of the session */                       \
    X(NOT_OPEN, "not_open", false)   /* the register was not opened yet, or is cancelled */

enum offline_outcome {
#define X(id, name, final) OFFLINE_##id,
    OFFLINE_OUTCOMES(X)
#undef X
        OFFLINE_OUTCOME_COUNT
};

struct offline_result {
    struct str uid, outcome;
    bool final;
    struct str reason; /* presence_reason_name() when it was written down; else empty */
    struct str detail; /* a sentence in English */
    struct opt_i64 at; /* by the server's clock */
    /* What is wrong: a JSON pointer into the batch, and what would have been taken; null: nothing,
     * or nothing that is known of an event that is answered again. */
    struct opt_str field, allowed;
};

struct offline_answer {
    struct list events; /* struct offline_result, in the batch's order */
    int64_t skew_ms;    /* added to the client's times; 0: its clock is right */
    int64_t counted, conflicts;
};
extern const struct schema offline_answer_schema;

/*
 * Takes a batch, as it came: its times are read here. Written down in one transaction for each
 * session; a batch that was cut off is sent again whole. ERR_NOT_FOUND: no such client of the
 * caller, or revoked. ERR_INVALID: the signature, ids that are doubled within the batch, a status
 * of a way other than manual.
 */
must_check enum err offline_take(struct ctx *ctx, const struct offline_batch *in,
                                 struct offline_answer *ret);

/* When the oldest outcome was kept that is there, and how many came before `before`; and forgetting
 * those. An event is not taken any more days before its outcome is forgotten, so that none counts
 * twice: `before` is the same for both. */
must_check enum err offline_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                int64_t *ret_due);
must_check enum err offline_forget(struct ctx *ctx, int64_t before, int64_t *ret_n);

/* The pure parts, below. */

/* The text that is signed: lines of members with tabs between. */
struct str offline_text(struct ctx *ctx, const struct offline_batch *in);
/* One line of it, without the end of the line; its hash is the event's fingerprint. */
struct str offline_line(struct ctx *ctx, const struct offline_event *ev);
bool offline_signed(struct ctx *ctx, const unsigned char key[OFFLINE_KEY_BYTES],
                    const struct offline_batch *in);

struct offline_clock {
    int64_t now, sent_at, registered_at;
    int64_t oldest; /* what was before is not taken */
};
/* What is to be added to the client's times: 0 within OFFLINE_TRAVEL_MS. False: more than a day. */
bool offline_skew(const struct offline_clock *c, int64_t *ret);
/*
 * The time of an event by the server's clock. False: after the sending, before `oldest`, or before
 * the client was registered (unless the server's own clock went back behind that), or the skew is
 * too large.
 */
bool offline_repair(const struct offline_clock *c, int64_t at, int64_t *ret);
