/* SPDX-License-Identifier: MIT */
/*
 * Papers: the file is written and synced before its row, and deleted after it, so that a row never
 * is without its file. Each file has a key of its own (enrolment/sealing.h).
 */
#include "justifications/documents.h"

#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/settings.h"

#include "db/tx.h"
#include "enrolment/sealing.h"
#include "guardians/guardians.h"
#include "justifications/documents_store.h"
#include "justifications/inspect.h"
#include "justifications/parts.h"

enum { NAME_BYTES = 16, HOUR_MS = 3600 * 1000, FORGET_AT_ONCE = 2000 };
static const int64_t MONTH_MS = 30LL * 24 * HOUR_MS;

#define F(...) FIELD(struct justification_document, __VA_ARGS__)
static const struct field document_fields[] = {
    F(id, "Number of the paper", .required = true, .example = "4"),
    F(name, "Its cleaned name", .required = true, .example = "\"certificate.pdf\""),
    F(media_type, "What it is, by its content", .required = true,
      .one_of = ONE_OF("application/pdf", "image/jpeg", "image/png")),
    F(size_bytes, "Its size", .required = true, .example = "48213"),
    F(uploaded_by, "Whose account sent it", .required = true),
    F(uploaded_by_name, "The name of that account", .required = true),
    F(uploaded_at, "When", .required = true, .format = "date-time"),
};
#undef F
const struct schema justification_document_schema = SCHEMA(justification_document, document_fields);

static const char *root(struct ctx *ctx)
{
    return fs_join(ctx, arena_cstr(&ctx->arena, ctx->services->settings->data_dir), "documents");
}

/* data_dir/documents/ab/abcdef… */
static const char *path_of(struct ctx *ctx, struct str file)
{
    return arena_printf(&ctx->arena, "%s/%.2s/%.*s", root(ctx), file.at, (int)file.len, file.at).at;
}

static struct str new_file(struct ctx *ctx)
{
    unsigned char bytes[NAME_BYTES];
    char *hex = arena_alloc(&ctx->arena, 2 * NAME_BYTES + 1);

    ctx->ports->random(bytes, sizeof(bytes));
    sodium_bin2hex(hex, 2 * NAME_BYTES + 1, bytes, sizeof(bytes));
    return (struct str){hex, 2 * NAME_BYTES};
}

static void delete_file(struct ctx *ctx, struct str file)
{
    (void)unlink(path_of(ctx, file));
}

static enum err write_sealed(struct ctx *ctx, struct str file, struct str plain,
                             unsigned char key[VAULT_KEY_BYTES])
{
    cleanup(buf_finish) struct buf sealed = BUF(DOCUMENT_MAX + (64 << 10));
    const char *path = path_of(ctx, file);
    enum err e = sealing_seal(ctx, plain, key, &sealed);

    e = e ? e
          : fs_mkdir(ctx, fs_join(ctx, root(ctx), arena_printf(&ctx->arena, "%.2s", file.at).at));
    return e ? e : fs_write(ctx, path, buf_view(&sealed), 0600);
}

/* Undecided, and with room for one more. */
static enum err check_room(struct ctx *ctx, const struct justification *j)
{
    if (!justification_is_open(j))
        return justification_wrong_state(ctx, j, "no paper can be added");
    if (j->n_documents >= DOCUMENTS_MAX)
        return fail(ctx, ERR_CONFLICT, "it has %d papers already, at most %d", DOCUMENTS_MAX,
                    DOCUMENTS_MAX);
    return ERR_OK;
}

/* A family's papers of a month, or a login in bad hands would fill the disk. */
static enum err check_month(struct ctx *ctx, int64_t student_id)
{
    int64_t n = 0;
    enum err e = ERR_OK;

    if (ctx->actor.role == ROLE_ADMIN)
        return ERR_OK;
    e = documents_store_since(ctx, student_id, ctx->now - MONTH_MS, &n);
    if (!e && n >= DOCUMENTS_A_MONTH)
        e = fail(ctx, ERR_CONFLICT,
                 "%d papers of this student came within 30 days, and no more are taken: bring them "
                 "to the school",
                 DOCUMENTS_A_MONTH);
    return e;
}

struct adding {
    struct str file;
    const unsigned char *key;
    struct justification_document paper;
};

/* The row, and what it changes; the caller's transaction. */
static enum err add_row(struct ctx *ctx, const struct justification *j, const struct adding *a,
                        int64_t *ret_id)
{
    bool asked = str_is(j->state, "needs_info") && ctx->actor.role != ROLE_ADMIN;
    struct sealed_key key = {0};
    enum err e = sealing_keep(ctx, a->file, a->key, &key);

    e = e ? e : documents_store_insert(ctx, j->id, a->file, &key, &a->paper, ret_id);
    e = e ? e : justification_answered(ctx, j);
    e = e ? e
          : justification_note(ctx, j->id, "document",
                               asked ? "pending" : arena_cstr(&ctx->arena, j->state),
                               a->paper.name);
    return e ? e : justification_tell(ctx, j->id);
}

static enum err add_in_tx(struct ctx *ctx, int64_t justification_id, const struct adding *a,
                          struct justification_document *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification j = {0};
    struct document_row row;
    int64_t id = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : justification_hold(ctx, justification_id, 0, &j);
    e = e ? e : check_room(ctx, &j);
    e = e ? e : check_month(ctx, j.student_id);
    e = e ? e : justification_room_to_say(ctx, justification_id);
    e = e ? e : add_row(ctx, &j, a, &id);
    e = e ? e : documents_store_get(ctx, justification_id, id, ret, &row);
    return e ? e : tx_commit(&tx);
}

enum err document_add(struct ctx *ctx, int64_t justification_id, const struct file *file,
                      struct justification_document *ret)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct adding a = {.file = new_file(ctx), .key = key};
    struct justification j;
    const char *type = NULL;
    enum err e = justification_get(ctx, justification_id, &j);

    if (!e)
        j.n_documents = (int64_t)j.documents.n;
    e = e ? e : check_room(ctx, &j);
    e = e ? e : check_month(ctx, j.student_id);
    e = e ? e : document_inspect(ctx, file->data, &type);
    if (e)
        return e;
    a.paper.media_type = str_of(type);
    a.paper.name = document_name(ctx, file->name, type);
    a.paper.size_bytes = (int64_t)file->data.len;
    e = write_sealed(ctx, a.file, file->data, key);
    e = e ? e : add_in_tx(ctx, justification_id, &a, ret);
    secret_wipe(key, sizeof(key));
    if (e)
        delete_file(ctx, a.file);
    return e;
}

enum err document_list(struct ctx *ctx, int64_t justification_id, struct list *ret)
{
    return documents_store_list(ctx, justification_id, ret);
}

static enum err not_there(struct ctx *ctx, enum err e)
{
    return e == ERR_NOT_FOUND ? fail(ctx, e, "there is no such paper") : e;
}

/* Who made it, the student, a guardian who signs, and who decides. */
static enum err check_reader(struct ctx *ctx, const struct justification *j)
{
    bool may = ctx->actor.role == ROLE_ADMIN || ctx->actor.student_id == j->student_id;
    enum err e = ERR_OK;

    if (!may && ctx->actor.role == ROLE_GUARDIAN)
        e = guardian_may_sign(ctx, j->student_id, &may);
    may = may || (j->created_by.set && j->created_by.v == ctx->actor.user_id);
    return e || may ? e : not_there(ctx, ERR_NOT_FOUND);
}

enum err document_read(struct ctx *ctx, int64_t justification_id, int64_t id,
                       struct justification_document *ret, struct str *ret_bytes)
{
    cleanup(buf_finish) struct buf sealed = BUF(DOCUMENT_MAX + (64 << 10));
    struct document_row row = {0};
    struct justification j = {0};
    enum err e = justification_get(ctx, justification_id, &j);

    e = e ? e : check_reader(ctx, &j);
    e = e ? e : not_there(ctx, documents_store_get(ctx, justification_id, id, ret, &row));
    if (e)
        return e;
    e = fs_read(ctx, path_of(ctx, row.file), DOCUMENT_MAX + (64 << 10), &sealed);
    if (e == ERR_NOT_FOUND || e == ERR_TOO_LARGE) {
        log_error(ctx, "document.damaged", LI("id", id));
        fault_clear(ctx);
        return fail(ctx, ERR_INTERNAL, "the paper's file is not as it was written");
    }
    return e ? e : sealing_open(ctx, row.file, row.wrapped, buf_view(&sealed), ret_bytes);
}

enum err document_delete(struct ctx *ctx, int64_t justification_id, int64_t id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification_document paper;
    struct document_row row = {0};
    struct justification j = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : justification_hold(ctx, justification_id, 0, &j);
    e = e ? e : check_reader(ctx, &j);
    e = e ? e : not_there(ctx, documents_store_get(ctx, justification_id, id, &paper, &row));
    if (!e && !justification_is_open(&j))
        e = justification_wrong_state(ctx, &j, "its papers stay");
    e = e ? e : documents_store_delete(ctx, id, false);
    e = e ? e
          : justification_note(ctx, justification_id, "removed", arena_cstr(&ctx->arena, j.state),
                               paper.name);
    e = e ? e : justification_tell(ctx, justification_id);
    e = e ? e : tx_commit(&tx);
    if (!e)
        delete_file(ctx, row.file);
    return e;
}

enum err documents_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                       int64_t *ret_due)
{
    return documents_store_due(ctx, before, ret_oldest, ret_due);
}

enum err documents_forget(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    struct list rows = {0};
    enum err e = documents_store_old(ctx, before, FORGET_AT_ONCE, &rows);

    for (size_t i = 0; !e && i < rows.n; i++) {
        const struct document_row *row = (const struct document_row *)rows.at + i;
        cleanup(tx_finish) struct tx tx = {0};

        e = tx_begin(ctx, &tx);
        e = e ? e : documents_store_delete(ctx, row->id, true);
        e = e ? e : tx_commit(&tx);
        if (e)
            return e;
        delete_file(ctx, row->file);
        ++*ret_n;
    }
    return e;
}

static bool is_known(const struct list *rows, struct str name)
{
    const struct document_row *row = rows->at;

    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(row[i].file, name))
            return true;
    return false;
}

/* An upload that is under way has its file, or the one beside it, before its row. */
static bool is_old(struct ctx *ctx, const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && (int64_t)st.st_mtim.tv_sec * 1000 < ctx->now - HOUR_MS;
}

static enum err sweep_folder(struct ctx *ctx, struct str prefix, int64_t *n)
{
    const char *folder = fs_join(ctx, root(ctx), arena_cstr(&ctx->arena, prefix));
    struct strs names = {0};
    struct list rows = {0};
    struct str end = arena_printf(&ctx->arena, "%.2sg", prefix.at); /* after all digits */
    enum err e = documents_store_files(ctx, prefix, end, &rows);

    e = e ? e : fs_list(ctx, folder, &names);
    for (size_t i = 0; !e && i < names.n; i++) {
        const char *path = fs_join(ctx, folder, names.at[i].at);

        if (!is_known(&rows, names.at[i]) && is_old(ctx, path) && !unlink(path))
            ++*n;
    }
    return e;
}

enum err documents_sweep(struct ctx *ctx)
{
    struct strs folders = {0};
    int64_t n = 0;
    enum err e = fs_exists(root(ctx)) ? fs_list(ctx, root(ctx), &folders) : ERR_OK;

    for (size_t i = 0; !e && i < folders.n; i++)
        if (folders.at[i].len == 2)
            e = sweep_folder(ctx, folders.at[i], &n);
    if (n)
        log_info(ctx, "documents.swept", LI("n", n));
    return e;
}
