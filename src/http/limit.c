/* SPDX-License-Identifier: MIT */
/*
 * A four-way table: a key's bucket lives in one of the four places of its set, and the oldest of
 * them gives way. A flood of new callers can so never grow memory or make a look-up slow. Buckets
 * are found by a keyed 64-bit hash; two callers sharing one would share a limit, no more.
 */
#include "http/limit.h"

#include <pthread.h>
#include <sodium.h>

#include "base/macros.h"
#include "base/mem.h"

/* A token counts 60,000: a bucket then gains exactly per_minute a millisecond. */
enum { WAYS = 4, TOKEN = 60000, MINUTE_MS = 60000 };

struct bucket {
    uint64_t key; /* 0: free */
    int64_t per_minute;
    int64_t fill; /* in units of 1/TOKEN */
    int64_t at_ms;
};

struct limiter {
    pthread_mutex_t lock; /* guards `buckets` */
    struct bucket *buckets;
    size_t sets;
    unsigned char seed[crypto_shorthash_KEYBYTES];
};

struct limiter *limiter_create(size_t cap)
{
    struct limiter *l = MEM_NEW(struct limiter);

    pthread_mutex_init(&l->lock, NULL);
    l->sets = cap < (size_t)4 * WAYS ? WAYS : cap / WAYS;
    l->buckets = mem_array(l->sets * WAYS, sizeof(*l->buckets));
    randombytes_buf(l->seed, sizeof(l->seed));
    return l;
}

void limiter_destroy(struct limiter *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    mem_free(l->buckets);
    mem_free(l);
}

static uint64_t hash(const struct limiter *l, struct str key)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t ret = 0;

    crypto_shorthash(out, (const unsigned char *)key.at, key.len, l->seed);
    for (size_t i = 0; i < sizeof(out); i++)
        ret = ret << 8 | out[i];
    return ret ? ret : 1;
}

/* The caller's bucket; else the place of the one unused for longest, filled anew. */
static struct bucket *find(struct limiter *l, uint64_t key, int64_t per_minute, int64_t now_ms)
{
    struct bucket *set = &l->buckets[key % l->sets * WAYS];
    struct bucket *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key && set[i].per_minute == per_minute)
            return &set[i];
        if (set[i].key == 0 || (oldest->key != 0 && set[i].at_ms < oldest->at_ms))
            oldest = &set[i];
    }
    *oldest = (struct bucket){
        .key = key,
        .per_minute = per_minute,
        .fill = per_minute * TOKEN,
        .at_ms = now_ms,
    };
    return oldest;
}

static void refill(struct bucket *b, int64_t now_ms)
{
    int64_t passed = now_ms - b->at_ms;
    int64_t full = b->per_minute * TOKEN;

    b->at_ms = now_ms;
    if (passed <= 0)
        return;
    /* More than a minute fills any bucket; the bound also keeps the product small. */
    if (passed > MINUTE_MS)
        passed = MINUTE_MS;
    b->fill += passed * b->per_minute;
    if (b->fill > full)
        b->fill = full;
}

static int64_t seconds_until(const struct bucket *b, int64_t fill)
{
    int64_t missing = fill - b->fill;
    int64_t a_second = b->per_minute * 1000;

    return missing <= 0 ? 0 : (missing + a_second - 1) / a_second;
}

struct limit_state limiter_take(struct limiter *l, struct str key, int64_t per_minute,
                                int64_t now_ms)
{
    struct limit_state ret = {.allowed = true, .limit = per_minute, .remaining = per_minute};

    if (!l || per_minute <= 0)
        return ret;

    pthread_mutex_lock(&l->lock);
    struct bucket *b = find(l, hash(l, key), per_minute, now_ms);
    refill(b, now_ms);
    ret.allowed = b->fill >= TOKEN;
    if (ret.allowed)
        b->fill -= TOKEN;
    else
        ret.retry_after_s = seconds_until(b, TOKEN);
    ret.remaining = b->fill / TOKEN;
    ret.reset_s = seconds_until(b, per_minute * TOKEN);
    pthread_mutex_unlock(&l->lock);
    return ret;
}
