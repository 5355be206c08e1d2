/* SPDX-License-Identifier: MIT */
/* Names of the liveness engine, and which challenges a session gets. */
#include "face/liveness.h"

const char *live_challenge_name(enum live_challenge c)
{
    static const char *const names[] = {
#define X(id, name) [LIVE_##id] = name,
        LIVE_CHALLENGE_LIST(X)
#undef X
    };

    return c < LIVE_CHALLENGE_COUNT ? names[c] : "unknown";
}

const char *live_refusal_name(enum live_refusal r)
{
    static const char *const names[] = {
#define X(id, name, text) [LIVE_REFUSED_##id] = name,
        LIVE_REFUSAL_LIST(X)
#undef X
    };

    return r < LIVE_REFUSAL_COUNT ? names[r] : "unknown";
}

const char *live_refusal_text(enum live_refusal r)
{
    static const char *const texts[] = {
#define X(id, name, text) [LIVE_REFUSED_##id] = text,
        LIVE_REFUSAL_LIST(X)
#undef X
    };

    return r < LIVE_REFUSAL_COUNT ? texts[r] : "unknown";
}

const char *live_hint_name(enum live_hint h)
{
    static const char *const names[] = {
#define X(id, name) [LIVE_HINT_##id] = name,
        LIVE_HINT_LIST(X)
#undef X
    };

    return h < LIVE_HINT_COUNT ? names[h] : "unknown";
}

void live_pick(uint32_t random, enum live_challenge ret[LIVE_PICKED])
{
#define L LIVE_TURN_LEFT
#define R LIVE_TURN_RIGHT
#define C LIVE_COME_CLOSER
    static const enum live_challenge moves[LIVE_PICKS][LIVE_PICKED - 1] = {
        {L, R, L}, {R, L, R}, {L, R, C}, {R, L, C}, {L, C, R},
        {R, C, L}, {L, C, L}, {R, C, R}, {C, L, R}, {C, R, L},
    };
#undef L
#undef R
#undef C
    size_t pick = random % LIVE_PICKS, blink = pick % LIVE_PICKED;

    for (size_t i = 0, next = 0; i < LIVE_PICKED; i++)
        ret[i] = i == blink ? LIVE_BLINK : moves[pick][next++];
}
