/* SPDX-License-Identifier: MIT */
/*
 * The look into a PDF (ISO 32000-1): its frame is there, it hides no archive, and nothing in it
 * runs, carries or sends other things. It reads no object graph: names are looked for in all bytes
 * and in everything that unpacks, wherever it lies, so that a broken or lying structure cannot put
 * the look on a wrong track.
 */
#include <string.h>
#include <zlib.h>

#include "base/macros.h"

#include "justifications/inspect.h"

enum {
    TAIL = 2048,
    DICTIONARY_MAX = 2048,
    NAME_MAX_LEN = 24,
    END_RECORD = 22,
    COMMENT_MAX = 65535
};

/* Names that make a reader do more than show pages. */
static const struct {
    const char *name, *what;
} active[] = {
    {"JavaScript", "contains a script"},
    {"Launch", "starts other programs"},
    {"EmbeddedFile", "carries another file"},
    {"EmbeddedFiles", "carries other files"},
    {"RichMedia", "carries a film or program"},
    {"Rendition", "plays a film or runs a script"},
    {"XFA", "contains a form with programs of its own"},
    {"SubmitForm", "sends what is typed to somebody"},
    {"ImportData", "reads other files"},
    {"Encrypt", "is protected by a password or signed so that nobody can look into it"},
};

/* Names as they go by, a few bytes at a time; "#61" in a name is its byte. */
struct names {
    char at[NAME_MAX_LEN + 1];
    size_t len;
    bool inside;
    int hex; /* digits of #xx that are to come */
    const char *what;
};

static bool ends_name(char c)
{
    return strchr(" \t\r\n\f()<>[]{}/%", c) != NULL; /* NUL too */
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void name_ended(struct names *n)
{
    n->at[n->len] = '\0';
    for (size_t i = 0; i < COUNT(active) && !n->what; i++)
        if (strcmp(n->at, active[i].name) == 0)
            n->what = active[i].what;
    n->inside = false;
}

static void name_byte(struct names *n, char c)
{
    int digit = hex_of(c);

    if (n->hex && digit >= 0) {
        n->at[n->len - 1] = (char)(n->hex == 2 ? digit << 4 : n->at[n->len - 1] | digit);
        n->hex--;
        return;
    }
    n->hex = c == '#' ? 2 : 0;
    if (n->len < NAME_MAX_LEN)
        n->at[n->len++] = c;
    else
        n->hex = 0;
}

static void names_feed(struct names *n, const char *at, size_t len)
{
    const char *end = at + len;

    while (at < end && !n->what) {
        if (!n->inside) {
            at = memchr(at, '/', (size_t)(end - at));
            if (!at)
                return;
            *n = (struct names){.inside = true};
            at++;
        } else if (ends_name(*at)) {
            name_ended(n); /* a slash begins the next one: it is looked at again */
            at++;
            at -= at[-1] == '/';
        } else {
            name_byte(n, *at++);
        }
    }
}

static const char *names_end(struct names *n)
{
    if (n->inside && !n->what)
        name_ended(n);
    return n->what;
}

/* What unpacks: one for the whole file. */
struct unpacker {
    z_stream z;
    char out[64 << 10];
    int64_t budget; /* what may still be unpacked */
};

static void unpacker_finish(struct unpacker **u)
{
    if (*u)
        inflateEnd(&(*u)->z);
}

/* Unpacks what lies at `from`, as far as it goes, and looks at its names. *ret_packed: it was a
 * zlib stream. */
static enum err look_into(struct ctx *ctx, struct unpacker *u, struct str from, bool *ret_packed,
                          const char **ret_what)
{
    struct names names = {0};
    int r = inflateReset(&u->z);

    u->z.next_in = (Bytef *)(uintptr_t)from.at;
    u->z.avail_in = (uInt)from.len;
    while (r == Z_OK && u->budget > 0 && !names.what) {
        size_t n;

        u->z.next_out = (Bytef *)u->out;
        u->z.avail_out = sizeof(u->out);
        r = inflate(&u->z, Z_NO_FLUSH);
        n = sizeof(u->out) - u->z.avail_out;
        names_feed(&names, u->out, n);
        u->budget -= (int64_t)n;
    }
    *ret_packed = u->z.total_out > 0;
    *ret_what = names_end(&names);
    if (u->budget <= 0)
        return fail(ctx, ERR_DOCUMENT_INVALID, "the PDF unpacks to more than %d MiB",
                    PDF_UNPACKED_MAX >> 20);
    return ERR_OK;
}

static bool has(struct str in, const char *word)
{
    return memmem(in.at, in.len, word, strlen(word)) != NULL;
}

/* What stands before a stream, back to the end of the object before it. */
static struct str dictionary_before(struct str bytes, size_t at)
{
    size_t from = at > DICTIONARY_MAX ? at - DICTIONARY_MAX : 0;
    struct str out = {bytes.at + from, at - from};

    for (;;) {
        const char *end = memmem(out.at, out.len, "endobj", 6);

        if (!end)
            return out;
        out.len -= (size_t)(end + 6 - out.at);
        out.at = end + 6;
    }
}

/* Objects may be packed in streams. Any other packing than the usual one would hide them. */
static bool hides_objects(struct str dictionary, bool packed)
{
    static const char *const others[] = {"/LZW", "/ASCIIHex",  "/AHx",   "/ASCII85",
                                         "/A85", "/RunLength", "/Crypt", "/Predictor"};

    if (!has(dictionary, "/ObjStm"))
        return false;
    for (size_t i = 0; i < COUNT(others); i++)
        if (has(dictionary, others[i]))
            return true;
    return has(dictionary, "/Filter") && !packed;
}

static size_t body_of(struct str bytes, size_t at)
{
    while (at < bytes.len && (bytes.at[at] == ' ' || bytes.at[at] == '\t'))
        at++;
    at += at < bytes.len && bytes.at[at] == '\r';
    at += at < bytes.len && bytes.at[at] == '\n';
    return at;
}

static bool is_end(struct str bytes, size_t at)
{
    return at >= 3 && memcmp(bytes.at + at - 3, "end", 3) == 0;
}

/* Every place where a stream may begin, whether or not the file says so. */
static enum err look_at_streams(struct ctx *ctx, struct unpacker *u, struct str bytes,
                                const char **ret_what)
{
    static const char word[] = "stream";
    const char *found;

    for (size_t at = 0; (found = memmem(bytes.at + at, bytes.len - at, word, sizeof(word) - 1));
         at += sizeof(word) - 1) {
        size_t body;
        bool packed = false;
        enum err e;

        at = (size_t)(found - bytes.at);
        if (is_end(bytes, at))
            continue;
        body = body_of(bytes, at + sizeof(word) - 1);
        e = look_into(ctx, u, (struct str){bytes.at + body, bytes.len - body}, &packed, ret_what);
        if (e || *ret_what)
            return e;
        if (hides_objects(dictionary_before(bytes, at), packed))
            return fail(ctx, ERR_DOCUMENT_INVALID,
                        "the PDF packs its objects in a way that cannot be looked into");
    }
    return ERR_OK;
}

static enum err look_at_packed(struct ctx *ctx, struct str bytes, const char **ret_what)
{
    struct unpacker *made = ARENA_NEW(&ctx->arena, struct unpacker);
    cleanup(unpacker_finish) struct unpacker *u = NULL;

    if (inflateInit(&made->z) != Z_OK)
        return fail(ctx, ERR_BUSY, "there is not enough memory to look into the document now");
    u = made;
    u->budget = PDF_UNPACKED_MAX;
    return look_at_streams(ctx, u, bytes, ret_what);
}

static enum err broken(struct ctx *ctx, const char *what)
{
    return fail(ctx, ERR_DOCUMENT_INVALID, "the PDF is not whole: %s", what);
}

/* The last "startxref" leads to a table (or stream) of cross references inside the file. */
static enum err check_frame(struct ctx *ctx, struct str bytes)
{
    size_t n = bytes.len < TAIL ? bytes.len : TAIL;
    struct str tail = {bytes.at + bytes.len - n, n}, number;
    const char *last = NULL;
    int64_t to = 0;

    if (!has(tail, "%%EOF"))
        return broken(ctx, "its end is missing");
    for (const char *p = tail.at; (p = memmem(p, n - (size_t)(p - tail.at), "startxref", 9)); p++)
        last = p;
    if (!last)
        return broken(ctx, "it does not say where its objects are");
    number = str_trim((struct str){last + 9, n - (size_t)(last + 9 - tail.at)});
    for (n = 0; n < number.len && number.at[n] >= '0' && number.at[n] <= '9'; n++)
        ;
    if (!str_to_i64((struct str){number.at, n}, &to) || to < 1 || to >= (int64_t)bytes.len - 4)
        return broken(ctx, "the list of its objects is not where it says");
    number = (struct str){bytes.at + to, 4};
    if (!str_is(number, "xref") && !(number.at[0] >= '0' && number.at[0] <= '9'))
        return broken(ctx, "the list of its objects is not where it says");
    return ERR_OK;
}

/* An archive is found from its end: a file may be a PDF and an archive (or Java program) at once.
 */
static bool is_archive_too(struct str bytes)
{
    size_t n = bytes.len < END_RECORD + COMMENT_MAX ? bytes.len : END_RECORD + COMMENT_MAX;
    const char *from = bytes.at + bytes.len - n, *end = bytes.at + bytes.len;

    for (const char *p = from; (p = memmem(p, (size_t)(end - p), "PK\x05\x06", 4)); p++) {
        const unsigned char *r = (const unsigned char *)p;

        if (end - p >= END_RECORD && (size_t)(end - p) == END_RECORD + r[20] + r[21] * 256U)
            return true;
    }
    return false;
}

enum err pdf_inspect(struct ctx *ctx, struct str bytes)
{
    struct names names = {0};
    const char *what;
    enum err e = check_frame(ctx, bytes);

    if (e)
        return e;
    if (is_archive_too(bytes))
        return fail(ctx, ERR_DOCUMENT_INVALID, "the PDF is an archive at the same time");
    names_feed(&names, bytes.at, bytes.len);
    what = names_end(&names);
    if (!what)
        e = look_at_packed(ctx, bytes, &what);
    if (e)
        return e;
    return what ? fail(ctx, ERR_DOCUMENT_INVALID, "the PDF %s", what) : ERR_OK;
}
