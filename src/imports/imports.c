/* SPDX-License-Identifier: MIT */
/* Imports as people see them: made, listed, run, cancelled, and tidied away. */
#include "imports/imports.h"

#include <unistd.h>

#include "base/fs.h"
#include "base/json.h"
#include "base/settings.h"

#include "db/tx.h"
#include "enrolment/enrolment.h"
#include "events/events.h"
#include "imports/archive.h"
#include "imports/imports_parts.h"
#include "imports/imports_store.h"
#include "imports/photo_list.h"

enum { TELL_MS = 1000 };
static const int64_t hour_ms = 3600000, report_days = 30;

#define F(...) FIELD(struct import, __VA_ARGS__)
static const struct field import_fields[] = {
    F(id, "Number of the import", .required = true, .example = "3"),
    F(state,
      "`checking`: each row is looked at; `checked`: waits to be run; `running`: enrols; "
      "`expired`: nobody ran it in time; `failed`: its file is gone",
      .required = true,
      .one_of = ONE_OF("checking", "checked", "running", "done", "cancelled", "expired", "failed")),
    F(source, "How the photos were taken, where the list does not say", .required = true,
      .one_of = ONE_OF("photos", "id_photo")),
    F(total, "Students in it", .required = true, .example = "120"),
    F(done, "Rows that this pass is through with", .required = true, .example = "48"),
    F(failed, "Rows that were refused so far", .required = true, .example = "2"),
    F(by_user_id, "Whose account sent it", .required = true),
    F(by_name, "The name of that account", .required = true),
    F(created_at, "When it came", .required = true, .format = "date-time"),
    F(finished_at, "When it ended", .required = true, .format = "date-time"),
};
#undef F
const struct schema import_schema = SCHEMA(import, import_fields);

#define F(...) FIELD(struct import_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Number of the row", .required = true),
    F(student_number, "The school's own number", .required = true),
    F(student_id, "The student; null: none has the number", .required = true),
    F(files, "The files in the archive", .required = true, .example = "[\"1234.jpg\"]"),
    F(source, "How the photos were taken", .required = true,
      .one_of = ONE_OF("photos", "id_photo")),
    F(result, "What became of it, or would; null: not looked at yet", .required = true,
      .one_of = ONE_OF("would_enrol", "enrolled", "no_such_student", "no_consent", "no_face",
                       "flaws", "duplicate", "unreadable", "not_a_photo", "no_such_file",
                       "too_many_photos", "refused", "failed")),
    F(detail, "Why, in English, with figures", .required = true),
};
#undef F
const struct schema import_row_schema = SCHEMA(import_row, row_fields);

struct import_event {
    int64_t import_id, done, total;
    struct str state;
};
#define F(...) FIELD(struct import_event, __VA_ARGS__)
static const struct field event_fields[] = {
    F(import_id, "Number of the import"),
    F(state, "Its state"),
    F(done, "Rows that this pass is through with"),
    F(total, "Rows"),
};
#undef F
static const struct schema event_schema = SCHEMA(import_event, event_fields);

static const char *folder(struct ctx *ctx)
{
    return fs_join(ctx, arena_cstr(&ctx->arena, ctx->services->settings->data_dir), "imports");
}

const char *import_path(struct ctx *ctx, int64_t id)
{
    return fs_join(ctx, folder(ctx), arena_printf(&ctx->arena, "%lld.zip", (long long)id).at);
}

void import_delete_file(struct ctx *ctx, int64_t id)
{
    (void)unlink(import_path(ctx, id));
}

enum err import_tell(struct ctx *ctx, int64_t id, bool often)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct import im = {0};
    struct import_event ev;
    bool due = false;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : import_store_tell(ctx, id, often ? ctx->now : ctx->now - TELL_MS, &due);
    if (e || !due)
        return e;
    e = import_store_get(ctx, id, &im);
    ev = (struct import_event){id, im.done, im.total, im.state};
    e = e ? e : event_emit(ctx, "import.progress", &event_schema, &ev, (struct audience){0});
    return e ? e : tx_commit(&tx);
}

static enum err is_known(struct ctx *ctx, struct str number, bool *ret)
{
    int64_t id = 0;
    enum err e = import_store_student(ctx, number, &id);

    *ret = id != 0;
    return e;
}

static enum err read_rows(struct ctx *ctx, const struct import_new *in, struct str source,
                          struct list *ret)
{
    struct archive *a = NULL;
    struct strs names;
    enum err e = archive_open(ctx, in->archive.data, &a);

    if (e)
        return e;
    names = archive_names(ctx, a);
    archive_close(a);
    if (in->list.data.len)
        return photo_list_from_csv(ctx, in->list.data, names, source, ret);
    return photo_list_from_names(ctx, names, source, is_known, ret);
}

static struct json files_json(struct ctx *ctx, struct strs files)
{
    cleanup(buf_finish) struct buf b = BUF(64 << 10);

    buf_putc(&b, '[');
    for (size_t i = 0; i < files.n; i++) {
        if (i)
            buf_putc(&b, ',');
        json_put_str(&b, files.at[i]);
    }
    buf_putc(&b, ']');
    return (struct json){arena_str(&ctx->arena, buf_view(&b))};
}

static enum err insert_row(struct ctx *ctx, int64_t import_id, const struct photo_row *from)
{
    struct import_row row = {.student_number = from->student_number, .source = from->source};
    struct str wrong = from->wrong, why = from->why;
    enum err e = import_store_student(ctx, from->student_number, &row.student_id.v);

    row.student_id.set = row.student_id.v != 0;
    if (!row.student_id.set && !wrong.len) {
        wrong = STR("no_such_student");
        why = STR("no student has this number");
    }
    if (wrong.len) {
        row.result = (struct opt_str){.set = true, .v = wrong};
        row.detail = (struct opt_str){.set = true, .v = why};
    }
    return e ? e : import_store_insert_row(ctx, import_id, &row, files_json(ctx, from->files));
}

static enum err insert_rows(struct ctx *ctx, int64_t import_id, const struct list *rows)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < rows->n; i++)
        e = insert_row(ctx, import_id, (const struct photo_row *)rows->at + i);
    return e;
}

enum err import_create(struct ctx *ctx, const struct import_new *in, struct import *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct str source = in->source.set ? in->source.v : STR("photos");
    struct str state = in->dry_run.set && !in->dry_run.v ? STR("running") : STR("checking");
    struct list rows = {0};
    int64_t id = 0;
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : read_rows(ctx, in, source, &rows);
    e = e ? e : fs_mkdir(ctx, folder(ctx));
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : import_store_insert(ctx, source, state, (int64_t)rows.n, &id);
    e = e ? e : insert_rows(ctx, id, &rows);
    /* Before the commit: a row without its file could not be worked at. */
    e = e ? e : fs_write(ctx, import_path(ctx, id), in->archive.data, 0600);
    e = e ? e : import_store_get(ctx, id, ret);
    e = e ? e : tx_commit(&tx);
    if (e && id)
        import_delete_file(ctx, id);
    if (!e)
        import_go_on(ctx);
    return e;
}

enum err import_list(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    return import_store_page(ctx, q, ret);
}

enum err import_get(struct ctx *ctx, int64_t id, struct import *ret)
{
    enum err e = import_store_get(ctx, id, ret);

    return e == ERR_NOT_FOUND ? fail(ctx, e, "there is no such import") : e;
}

enum err import_rows(struct ctx *ctx, const struct import_rows_query *q, struct page *ret)
{
    struct import im;
    enum err e = import_get(ctx, q->import_id, &im);

    return e ? e : import_store_rows(ctx, q, ret);
}

static enum err move(struct ctx *ctx, int64_t id, const char *from[2], const char *to, bool ended)
{
    struct import im = {0};
    enum err e = import_get(ctx, id, &im);

    if (e)
        return e;
    e = import_store_move(ctx, id, from, to, ended);
    return e == ERR_NOT_FOUND
               ? fail(ctx, ERR_CONFLICT, "the import is %.*s", (int)im.state.len, im.state.at)
               : e;
}

enum err import_run(struct ctx *ctx, int64_t id, struct import *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    const char *from[2] = {"checked", "checked"};
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : move(ctx, id, from, "running", false);
    e = e ? e : import_store_restart(ctx, id);
    e = e ? e : import_get(ctx, id, ret);
    e = e ? e : tx_commit(&tx);
    if (!e)
        import_go_on(ctx);
    return e;
}

enum err import_cancel(struct ctx *ctx, int64_t id, struct import *ret)
{
    const char *waiting[2] = {"checking", "checked"}, *running[2] = {"running", "running"};
    struct import im = {0};
    enum err e = import_get(ctx, id, &im);

    if (e)
        return e;
    e = move(ctx, id, str_is(im.state, "running") ? running : waiting, "cancelled", true);
    if (e)
        return e;
    import_delete_file(ctx, id);
    e = import_tell(ctx, id, true);
    return e ? e : import_get(ctx, id, ret);
}

enum err imports_resume(struct ctx *ctx)
{
    enum err e = import_store_release_all(ctx);

    return e ? e : imports_tend(ctx);
}

static bool is_wanted(struct i64s all, struct str name)
{
    struct str rest = name;
    int64_t id = 0;

    if (!str_to_i64(str_cut(&rest, '.'), &id) || !str_is(rest, "zip"))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (all.at[i] == id)
            return true;
    return false;
}

/* Files that a crash left between a commit and their deletion. */
static enum err sweep(struct ctx *ctx, struct i64s wanted)
{
    struct strs names = {0};
    enum err e = fs_exists(folder(ctx)) ? fs_list(ctx, folder(ctx), &names) : ERR_OK;

    for (size_t i = 0; !e && i < names.n; i++)
        if (!is_wanted(wanted, names.at[i]))
            (void)unlink(fs_join(ctx, folder(ctx), names.at[i].at));
    return e;
}

enum err imports_tend(struct ctx *ctx)
{
    int64_t keep_ms = ctx->services->settings->import_keep_hours * hour_ms;
    const char *from[2] = {"checking", "checked"};
    struct i64s stale = {0}, wanted = {0};
    enum err e = import_store_stale(ctx, ctx->now - keep_ms, &stale);

    for (size_t i = 0; !e && i < stale.n; i++) {
        e = import_store_move(ctx, stale.at[i], from, "expired", true);
        e = e == ERR_NOT_FOUND ? ERR_OK : e;
    }
    e = e ? e : import_store_forget(ctx, ctx->now - report_days * 24 * hour_ms);
    e = e ? e : import_store_needing_file(ctx, &wanted);
    e = e ? e : sweep(ctx, wanted);
    if (!e && wanted.n)
        import_go_on(ctx);
    return e;
}
