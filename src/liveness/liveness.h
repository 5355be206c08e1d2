/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Liveness sessions: a student shows the camera that a living person is there, by doing what is
 * asked now, and the same frames are compared with the student's own templates (1:1). With purpose
 * check_in a match marks the student present in the transaction that ends the session; purpose test
 * marks nothing. A session has a nonce, ends by itself, and its result is final.
 */
#include "base/ctx.h"
#include "base/schema.h"

#include "liveness/policy.h"

enum { LIVE_BATCH_MAX = 12, LIVE_FRAME_MAX = 256 << 10 };

struct live_runs;

struct live_session {
    int64_t id;
    struct str purpose; /* check_in test */
    struct opt_i64 session_id;
    struct str state;  /* pending passed failed expired */
    struct str policy; /* of live_policy_name */
    struct strs reasons;
    struct list challenges; /* struct live_task */
    struct opt_f64 passive; /* mean, 0..1; advisory */
    int64_t frames;         /* looked at */
    struct obj outcome;     /* struct decision; NULL: nothing was compared or suspected */
    bool already;           /* had been marked before */
    struct opt_str status;  /* of the register, of a check-in that passed */
    struct opt_str intake;  /* what became of it: attendance/intake.h */
    struct obj why;         /* struct words: why the register says so */
    int64_t created_at, expires_at;
    struct opt_i64 finished_at;
};
extern const struct schema live_session_schema;

struct live_task {
    struct str challenge;
    bool passed;
    struct opt_f64 measured, limit;
};

struct live_wish {
    struct str purpose;
    struct opt_i64 session_id;
    struct obj place;      /* struct place, when the session asks for it; judged and forgotten */
    struct opt_str client; /* a random mark that the browser keeps */
};

struct live_opened {
    int64_t id;
    struct str nonce;
    struct str policy;
    struct strs challenges;
    int64_t expires_at;
};
extern const struct schema live_opened_schema;

/*
 * Begins a session of the calling student; one that was running ends (expired, superseded).
 *
 * ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE
 * ERR_NOT_FOUND          no such session, or not the student's
 * ERR_SESSION_NOT_OPEN   the register is not open, or the time to check in is over
 * ERR_CONSENT_REQUIRED, ERR_NOT_ENROLLED
 * ERR_TOO_MANY_REQUESTS  liveness_attempts within five minutes
 * ERR_BUSY               LIVE_RUNS are running
 * ERR_CONFLICT           the student begins another one at the same moment
 */
must_check enum err live_session_open(struct ctx *ctx, const struct live_wish *in,
                                      struct live_opened *ret);
/* The calling student's own. ERR_NOT_FOUND. */
must_check enum err live_session_get(struct ctx *ctx, int64_t id, struct live_session *ret);

/* A frame as it came. */
struct live_shot {
    uint32_t number;
    struct str jpeg;
};
struct live_shots {
    int64_t id;
    struct str nonce;
    const struct live_shot *at; /* at most LIVE_BATCH_MAX */
    size_t n;
    int64_t every_ms; /* between two frames of a batch, the last one being of now */
};

struct live_reply {
    struct opt_i64 frame; /* number of the last frame */
    struct str state;
    struct opt_str challenge; /* what is asked now */
    struct str hint;
    int64_t done, total;
    int64_t left_ms;   /* for what is asked now */
    bool looked;       /* false: came too soon after another frame and was left out */
    struct obj box;    /* struct face_box of the largest face */
    struct obj result; /* struct live_session, once it has ended */
    struct obj error;  /* struct live_error; sockets only */
};
extern const struct schema live_reply_schema;

/* What went wrong with a frame. */
struct live_error {
    struct str type, title, detail;
};

/*
 * Looks at frames, in the order given, and ends the session when they decide it.
 *
 * ERR_NOT_FOUND          no such session of the caller
 * ERR_LIVENESS_NONCE     not the nonce of this session
 * ERR_LIVENESS_DONE      it has ended: the result is final
 * ERR_LIVENESS_EXPIRED   its time was over before
 * ERR_BUSY               another request of the session is at work
 * ERR_IMAGE_INVALID, ERR_UNSUPPORTED_MEDIA, ERR_TOO_LARGE, ERR_MODELS_UNAVAILABLE
 */
must_check enum err live_session_feed(struct ctx *ctx, const struct live_shots *shots,
                                      struct live_reply *ret);

/* For jobs: sessions left behind expire, old ones are forgotten. */
must_check enum err live_session_trim(struct ctx *ctx);
