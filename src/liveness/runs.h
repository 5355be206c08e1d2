/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Liveness sessions that are running, in memory: one bounded table for all workers. What was seen
 * so far belongs to whoever took the run out until it is put back, so two requests never work on
 * the same one. Nothing of it outlives the process: a session cut off by a crash has expired.
 */
#include "check_in/place.h"
#include "face/liveness.h"
#include "liveness/steady.h"

enum { LIVE_RUNS = 128, LIVE_DIGESTS = 1 << 16 };

/* One session. Only who took it may touch it. */
struct live_run {
    int64_t id, student_id, account_id;
    int64_t session_id; /* 0: purpose "test" */
    int64_t created_ms, expires_ms;
    int64_t last_ms;         /* of the last frame that was looked at; created_ms before */
    char nonce_hash[65];     /* hex */
    struct liveness *engine; /* NULL when nothing is asked for */
    struct steady *steady;   /* then this one */
    int64_t spent_us;        /* computing */
    size_t looked;
    bool foreign;               /* a frame of another session was sent */
    bool challenged;            /* a challenge is asked for */
    struct place_finding found; /* where it began */
    char client[33];            /* the browser's mark, hashed */
    enum live_state state;
};

struct live_runs;

struct live_runs *live_runs_create(void);
/* Wipes all. Takes NULL. Nobody may hold a run any more. */
void live_runs_destroy(struct live_runs *r);

/*
 * Adds a run (engine and steady become the table's) and drops the same student's earlier one.
 * Expired ones make room. ERR_BUSY when all places are in use: then nothing was taken over.
 */
must_check enum err live_runs_add(struct ctx *ctx, struct live_runs *r, const struct live_run *run);
/* ERR_NOT_FOUND: not running, or not this student's. ERR_BUSY: another request is at it. */
must_check enum err live_runs_take(struct ctx *ctx, struct live_runs *r, int64_t id,
                                   int64_t student_id, struct live_run **ret);
/* Puts it back; `ended`: forgets it. Takes NULL. */
void live_runs_give(struct live_runs *r, struct live_run *run, bool ended);

/*
 * Notes that session `id` sent a frame with this SHA-256; true when another session had sent it
 * before. The last 65,536 frames are known.
 */
bool live_runs_seen(struct live_runs *r, int64_t id, const uint8_t digest[LIVE_DIGEST]);
