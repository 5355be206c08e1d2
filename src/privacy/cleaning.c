/* SPDX-License-Identifier: MIT */
/* Cleaning: the tables of all steps of forgetting, one after the other, then what asked for it. */
#include "privacy/cleaning.h"

#include "base/log.h"

#include "privacy/cleaning_store.h"
#include "privacy/forget_store.h"

/* Writing it anew and its indexes takes about a second. */
enum { REWRITE_BYTES_MAX = 32 << 20 };

enum err cleaning_ask(struct ctx *ctx)
{
    return cleaning_store_ask(ctx);
}

enum err cleaning_due(struct ctx *ctx, struct opt_i64 *ret_oldest, int64_t *ret_due)
{
    return cleaning_store_due(ctx, ret_oldest, ret_due);
}

/* Its old rows go now or later; the server itself vacuums, too. */
static enum err vacuum(struct ctx *ctx, const struct forget_step *step, int64_t bytes)
{
    const struct fault before = ctx->fault;
    enum err e = cleaning_store_script(ctx, step->vacuum);

    log_info(ctx, "cleaning.large_table", LC("table", step->table), LI("bytes", bytes),
             LC("vacuum", e ? err_info(e)->slug : "done"));
    if (e != ERR_BUSY)
        return e;
    ctx->fault = before;
    return ERR_OK;
}

static enum err clean_table(struct ctx *ctx, const struct forget_step *step)
{
    int64_t bytes = 0;
    enum err e = cleaning_store_size(ctx, step->table, &bytes);

    if (e || bytes > REWRITE_BYTES_MAX)
        return e ? e : vacuum(ctx, step, bytes);
    e = cleaning_store_script(ctx, step->rewrite);
    return e ? e : cleaning_store_script(ctx, step->analyze);
}

static bool is_earlier(const struct forget_step *steps, size_t n, const char *table)
{
    for (size_t i = 0; i < n; i++)
        if (steps[i].rewrite && str_is(str_of(table), steps[i].table))
            return true;
    return false;
}

static enum err clean_tables(struct ctx *ctx)
{
    const struct forget_step *a = forget_student_steps;
    const struct forget_step *b = forget_account_steps;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < n_forget_student_steps; i++)
        if (a[i].rewrite && !is_earlier(a, i, a[i].table))
            e = clean_table(ctx, &a[i]);
    for (size_t i = 0; !e && i < n_forget_account_steps; i++)
        if (b[i].rewrite && !is_earlier(a, n_forget_student_steps, b[i].table) &&
            !is_earlier(b, i, b[i].table))
            e = clean_table(ctx, &b[i]);
    return e;
}

enum err cleaning_run(struct ctx *ctx, int64_t *ret_n)
{
    struct i64s asked = {0};
    enum err e = cleaning_store_asked(ctx, &asked);

    *ret_n = 0;
    if (e || !asked.n)
        return e;
    if (cleaning_store_rewrites(ctx))
        e = clean_tables(ctx);
    e = e ? e : cleaning_store_finish(ctx);
    for (size_t i = 0; !e && i < asked.n; i++)
        e = cleaning_store_answered(ctx, asked.at[i]);
    if (!e)
        *ret_n = (int64_t)asked.n;
    return e;
}
