/* SPDX-License-Identifier: MIT */
/* libzip behind a few functions: what an archive may hold is settled before it is unpacked. */
#include "imports/archive.h"

#include <zip.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#include "imports/imports.h"

struct archive {
    zip_t *zip;
};

static enum err refuse(struct ctx *ctx, const char *code, const char *allowed, const char *why)
{
    return fail_field(ctx, "archive", code, allowed, "%s", why);
}

static enum err refuse_entry(struct ctx *ctx, const char *code, zip_int64_t i, const char *why)
{
    return fail_field(ctx, "archive", code, "", "file %lld %s", (long long)i + 1, why);
}

/* The raw name: libzip must not guess at an encoding. */
static struct str name_of(const struct archive *a, zip_int64_t i)
{
    return str_of(zip_get_name(a->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW));
}

static bool is_unsafe(struct str name)
{
    if (name.len == 0 || name.at[0] == '/' || str_has(name, '\\') || str_has(name, ':'))
        return true;
    for (struct str rest = name; rest.len;)
        if (str_is(str_cut(&rest, '/'), ".."))
            return true;
    return !text_is_name(name);
}

static enum err check_name(struct ctx *ctx, struct str name, zip_int64_t i)
{
    if (name.len > IMPORT_NAME_MAX)
        return refuse_entry(ctx, "name_too_long", i, "has a name of more than 200 bytes");
    if (!str_is_utf8(name))
        return refuse_entry(ctx, "name_encoding", i, "has a name that is not UTF-8");
    if (is_unsafe(name))
        return refuse_entry(ctx, "unsafe_name", i,
                            "has a name that leads elsewhere or has characters that are not seen");
    if (str_has(name, '/'))
        return refuse_entry(ctx, "nested", i, "lies in a folder: put all photos at the top");
    return ERR_OK;
}

static enum err check_size(struct ctx *ctx, const zip_stat_t *st, zip_int64_t i, uint64_t *total)
{
    if (st->encryption_method != ZIP_EM_NONE)
        return refuse_entry(ctx, "encrypted", i, "is encrypted");
    if (st->size > IMPORT_PHOTO_MAX)
        return refuse_entry(ctx, "file_too_large", i, "is larger than 8 MiB");
    if (st->comp_size == 0 ? st->size > 0 : st->size / st->comp_size > IMPORT_RATIO_MAX)
        return refuse_entry(ctx, "ratio", i, "is packed more than 100 times smaller");
    *total += st->size;
    if (*total > IMPORT_TOTAL_MAX)
        return refuse(ctx, "unpacked_too_large", "512 MiB", "is larger than 512 MiB when unpacked");
    return ERR_OK;
}

static enum err check_all(struct ctx *ctx, const struct archive *a)
{
    zip_int64_t n = zip_get_num_entries(a->zip, 0);
    uint64_t total = 0;
    enum err e = ERR_OK;

    if (n == 0)
        return refuse(ctx, "empty", "1..5000 files", "holds no file");
    if (n > IMPORT_ENTRIES_MAX)
        return refuse(ctx, "too_many_files", "1..5000 files", "holds more than 5,000 files");
    for (zip_int64_t i = 0; !e && i < n; i++) {
        const zip_uint64_t needs = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
        zip_stat_t st;

        if (zip_stat_index(a->zip, (zip_uint64_t)i, 0, &st) || (st.valid & needs) != needs)
            return refuse_entry(ctx, "damaged", i, "cannot be read");
        e = check_name(ctx, name_of(a, i), i);
        e = e ? e : check_size(ctx, &st, i, &total);
    }
    return e;
}

static struct archive *wrap(zip_t *zip)
{
    struct archive *a = MEM_NEW(struct archive);

    a->zip = zip;
    return a;
}

enum err archive_open(struct ctx *ctx, struct str bytes, struct archive **ret)
{
    zip_error_t why;
    zip_source_t *source;
    zip_t *zip;
    struct archive *a;
    int code;
    enum err e;

    zip_error_init(&why);
    source = zip_source_buffer_create(bytes.at, bytes.len, 0, &why);
    zip = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why) : NULL;
    code = zip_error_code_zip(&why);
    zip_error_fini(&why);
    if (!zip) {
        zip_source_free(source);
        /* The check for consistency finds names that come twice. */
        return code == ZIP_ER_EXISTS
                   ? refuse(ctx, "duplicate_name", "", "holds two files of one name")
                   : refuse(ctx, "not_a_zip", "a ZIP file", "is no sound ZIP file");
    }
    a = wrap(zip);
    e = check_all(ctx, a);
    if (e)
        archive_close(a);
    else
        *ret = a;
    return e;
}

enum err archive_open_file(struct ctx *ctx, const char *path, struct archive **ret)
{
    int why = 0;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &why);

    if (!zip)
        return fail(ctx, ERR_IMAGE_INVALID, "the archive is gone or damaged");
    *ret = wrap(zip);
    return ERR_OK;
}

void archive_close(struct archive *a)
{
    if (!a)
        return;
    zip_discard(a->zip);
    mem_free(a);
}

struct strs archive_names(struct ctx *ctx, const struct archive *a)
{
    zip_int64_t n = zip_get_num_entries(a->zip, 0);
    struct strs out = {ARENA_NEW_N(&ctx->arena, struct str, n > 0 ? (size_t)n : 1), 0};

    for (zip_int64_t i = 0; i < n; i++)
        out.at[out.n++] = arena_str(&ctx->arena, name_of(a, i));
    return out;
}

static zip_int64_t index_of(const struct archive *a, struct str name)
{
    zip_int64_t n = zip_get_num_entries(a->zip, 0);

    for (zip_int64_t i = 0; i < n; i++)
        if (str_eq(name_of(a, i), name))
            return i;
    return -1;
}

static void close_file(zip_file_t **f)
{
    if (*f)
        zip_fclose(*f);
}

enum err archive_read(struct ctx *ctx, const struct archive *a, struct str name, struct buf *ret)
{
    zip_int64_t i = index_of(a, name);
    cleanup(close_file) zip_file_t *f = i < 0 ? NULL : zip_fopen_index(a->zip, (zip_uint64_t)i, 0);
    char piece[16384];
    zip_int64_t n;

    if (i < 0)
        return fail(ctx, ERR_NOT_FOUND, "no such file is in the archive");
    if (!f)
        return fail(ctx, ERR_IMAGE_INVALID, "the file cannot be unpacked");
    *ret = BUF(IMPORT_PHOTO_MAX);
    while ((n = zip_fread(f, piece, sizeof(piece))) > 0)
        buf_add(ret, piece, (size_t)n);
    if (ret->failed)
        return fail(ctx, ERR_TOO_LARGE, "the file is larger than 8 MiB when unpacked");
    /* The check sum is compared at the end. */
    return n < 0 ? fail(ctx, ERR_IMAGE_INVALID, "the file cannot be unpacked") : ERR_OK;
}
