/* SPDX-License-Identifier: MIT */
/*
 * The work of an import, one student at a time. Each slice claims the oldest import at work, does
 * one row and queues the next slice behind whatever requests wait; so requests and the import take
 * turns. A row that is enrolled is marked in the same transaction.
 */
#include "base/buf.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/settings.h"

#include "db/tx.h"
#include "enrolment/enrolment.h"
#include "imports/archive.h"
#include "imports/imports_parts.h"
#include "imports/imports_store.h"
#include "imports/photo_list.h"

/* How long a slice holds its import at most; a photo that thrice ended the program is left out. */
enum { SLICE_MS = 60000, TRIES_MAX = 3 };

struct slice {
    struct import import;
    struct import_row row;
    struct buf photos[PHOTOS_PER_STUDENT];
    bool running;
};

static void slice_finish(struct slice *s)
{
    for (size_t i = 0; i < COUNT(s->photos); i++)
        buf_finish(&s->photos[i]);
}

static enum err row_done(struct ctx *ctx, const struct slice *s, struct str result,
                         struct str detail)
{
    enum err e = import_store_row_done(ctx, s->row.id, s->running, result, detail);

    /* Cancelled meanwhile, or done by another: nothing is lost. */
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err mark_enrolled(struct ctx *ctx, void *arg)
{
    const struct slice *s = arg;
    enum err e = import_store_row_done(ctx, s->row.id, true, STR("enrolled"), STR(""));

    return e == ERR_NOT_FOUND ? fail(ctx, ERR_CONFLICT, "the row is not to be done any more") : e;
}

static enum err read_photos(struct ctx *ctx, struct slice *s, struct files *ret)
{
    struct archive *a = NULL;
    enum err e = archive_open_file(ctx, import_path(ctx, s->import.id), &a);

    if (e)
        return e;
    ret->at = ARENA_NEW_N(&ctx->arena, struct file, PHOTOS_PER_STUDENT);
    for (size_t i = 0; !e && i < s->row.files.n && i < PHOTOS_PER_STUDENT; i++) {
        e = archive_read(ctx, a, s->row.files.at[i], &s->photos[i]);
        ret->at[ret->n++] = (struct file){.data = buf_view(&s->photos[i])};
    }
    archive_close(a);
    return e;
}

/* The code of a refusal; empty: not the row's fault. */
static struct str result_of(const struct ctx *ctx, enum err e)
{
    const struct field_error *first = ctx->fault.fields;

    if (e == ERR_FACE_QUALITY)
        return first && str_is(str_of(first->code), "no_face") ? STR("no_face") : STR("flaws");
    if (e == ERR_CONSENT_REQUIRED)
        return STR("no_consent");
    if (e == ERR_DUPLICATE_PERSON)
        return STR("duplicate");
    if (e == ERR_NOT_FOUND)
        return STR("no_such_student");
    if (e == ERR_IMAGE_INVALID || e == ERR_UNSUPPORTED_MEDIA || e == ERR_TOO_LARGE)
        return STR("unreadable");
    if (e == ERR_INVALID)
        return STR("refused");
    return (struct str){0};
}

/* The words of a refusal: the flaws of the photos, else the detail. */
static struct str words_of(struct ctx *ctx)
{
    struct str words = {0};

    for (const struct field_error *fe = ctx->fault.fields; fe && words.len < 400; fe = fe->next)
        words = arena_printf(&ctx->arena, "%.*s%s%.*s", (int)words.len, words.at,
                             words.len ? "; " : "", (int)fe->detail.len, fe->detail.at);
    return words.len ? words : ctx->fault.detail;
}

static enum err do_row(struct ctx *ctx, struct slice *s)
{
    struct enrolment_in in = {
        .student_id = s->row.student_id.v,
        .source = s->row.source,
        .rehearse = !s->running,
        .also = mark_enrolled,
        .also_arg = s,
    };
    struct enrolment out;
    struct str result;
    enum err e = read_photos(ctx, s, &in.photos);

    e = e ? e : enrolment_create(ctx, &in, &out);
    if (!e)
        return s->running ? ERR_OK : row_done(ctx, s, STR("would_enrol"), STR(""));
    result = result_of(ctx, e);
    if (!result.len)
        return e;
    result = arena_str(&ctx->arena, result);
    struct str words = words_of(ctx);
    fault_clear(ctx);
    return row_done(ctx, s, result, words);
}

static enum err end_pass(struct ctx *ctx, const struct slice *s)
{
    const char *from[2] = {s->running ? "running" : "checking", ""};
    enum err e =
        import_store_move(ctx, s->import.id, from, s->running ? "done" : "checked", s->running);

    if (e)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (s->running)
        import_delete_file(ctx, s->import.id);
    log_info(ctx, s->running ? "import.done" : "import.checked", LI("import", s->import.id),
             LI("rows", s->import.total));
    return import_tell(ctx, s->import.id, true);
}

static enum err file_gone(struct ctx *ctx, const struct slice *s)
{
    const char *from[2] = {"running", "checking"};
    enum err e = import_store_move(ctx, s->import.id, from, "failed", true);

    log_warn(ctx, "import.file_gone", LI("import", s->import.id));
    e = e == ERR_NOT_FOUND ? ERR_OK : e;
    return e ? e : import_tell(ctx, s->import.id, true);
}

/* One row, or the end of the pass. */
static enum err work(struct ctx *ctx, int64_t id)
{
    cleanup(slice_finish) struct slice s = {0};
    int64_t tries = 0;
    enum err e = import_store_get(ctx, id, &s.import);

    if (e)
        return e;
    s.running = str_is(s.import.state, "running");
    ctx->actor = (struct actor){.role = ROLE_ADMIN, .user_id = s.import.by_user_id};
    if (!fs_exists(import_path(ctx, id)))
        return file_gone(ctx, &s);
    e = import_store_next(ctx, id, s.running, &s.row, &tries);
    if (e == ERR_NOT_FOUND) {
        fault_clear(ctx);
        return end_pass(ctx, &s);
    }
    if (e)
        return e;
    if (tries > TRIES_MAX)
        e = row_done(ctx, &s, STR("failed"), STR("the work on it broke off three times"));
    else
        e = do_row(ctx, &s);
    return e ? e : import_tell(ctx, id, false);
}

static void slice_run(struct ctx *ctx, void *arg)
{
    int64_t id = 0;
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    (void)arg;
    e = e ? e : import_store_claim(ctx, ctx->now + SLICE_MS, &id);
    if (e) {
        /* Nothing to do, another slice is at it, or faces are off now: the chain ends. */
        return;
    }
    e = work(ctx, id);
    if (e) {
        log_warn(ctx, "import.broken", LI("import", id), LC("error", err_info(e)->slug));
        fault_clear(ctx);
    }
    /* After a failure the periodic job begins again, so that nothing spins. */
    if (import_store_release(ctx, id) == ERR_OK && !e)
        import_go_on(ctx);
}

void import_go_on(struct ctx *ctx)
{
    struct pool *pool = ctx->services->pool;

    if (pool && !pool_submit(pool, slice_run, NULL))
        log_warn(ctx, "import.waits");
}
