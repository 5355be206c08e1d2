/* SPDX-License-Identifier: MIT */
/* Papers by their content: what is taken, what is refused, and that the answer says why. */
#include <stdio.h>
#include <zlib.h>

#include "base/buf.h"

#include "ctx_test.h"
#include "justifications/inspect.h"
#include "pictures.h"

#define HEAD  "%PDF-1.7\n"
#define PLAIN "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"

/* A PDF around `body`, with the frame that readers look for. */
static struct str pdf_of(struct ctx *ctx, struct str body)
{
    struct buf b = BUF(64 << 20);
    struct str out;
    size_t at;

    buf_puts(&b, HEAD);
    buf_str(&b, body);
    at = b.len;
    buf_printf(
        &b, "xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
        at);
    out = arena_str(&ctx->arena, buf_view(&b));
    buf_finish(&b);
    return out;
}

static struct str packed(struct ctx *ctx, struct str plain)
{
    uLongf n = compressBound(plain.len);
    char *at = arena_alloc(&ctx->arena, n);

    assert_int_equal(compress((Bytef *)at, &n, (const Bytef *)plain.at, plain.len), Z_OK);
    return (struct str){at, n};
}

/* A PDF with one stream: `dictionary` is what stands in it. */
static struct str pdf_stream(struct ctx *ctx, const char *dictionary, struct str body)
{
    struct buf b = BUF(64 << 20);
    struct str out;

    buf_printf(&b, PLAIN "5 0 obj\n<< %s >>\nstream\r\n", dictionary);
    buf_str(&b, body);
    buf_puts(&b, "\nendstream\nendobj\n");
    out = pdf_of(ctx, buf_view(&b));
    buf_finish(&b);
    return out;
}

static void assert_refused(struct ctx *ctx, struct str bytes, const char *why, size_t row)
{
    const char *type = "none";

    assert_int_equal(document_inspect(ctx, bytes, &type), ERR_DOCUMENT_INVALID);
    assert_says(arena_cstr(&ctx->arena, ctx->fault.detail), why, row);
    assert_string_equal(type, "none");
    fault_clear(ctx);
}

static void assert_taken(struct ctx *ctx, struct str bytes, const char *type)
{
    const char *got = "none";
    enum err e = document_inspect(ctx, bytes, &got);

    if (e)
        print_error("%.*s\n", (int)ctx->fault.detail.len, ctx->fault.detail.at);
    assert_int_equal(e, ERR_OK);
    assert_string_equal(got, type);
}

static void whole_papers_are_taken(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_quarters(ctx, 60, 40);
    static const char page[] = "BT /F1 12 Tf (see /JavaScripts in the appendix) Tj ET";
    struct str odd = packed(ctx, STR(page));

    assert_taken(ctx, picture_jpeg(ctx, &im, JPEG_PLAIN), "image/jpeg");
    assert_taken(ctx, picture_png_of(ctx, &im), "image/png");
    assert_taken(ctx, pdf_of(ctx, STR(PLAIN)), "application/pdf");
    assert_taken(ctx, pdf_stream(ctx, "/Filter /FlateDecode", odd), "application/pdf");
    assert_taken(ctx, pdf_stream(ctx, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", odd),
                 "application/pdf");
    assert_taken(ctx, pdf_stream(ctx, "/Filter [/ASCII85Decode /FlateDecode]", STR("Gap~>")),
                 "application/pdf");
}

static void other_files_are_named(void **state)
{
    static const struct {
        struct str bytes;
        const char *why;
    } rows[] = {
        {{"", 0}, "no PDF, JPEG or PNG"},
        {{"hello", 5}, "no PDF, JPEG or PNG"},
        {{"MZ\x90\0\x03", 5}, "a Windows program"},
        {{"\x7f"
          "ELF\x02\x01",
          6},
         "a Linux program"},
        {{"#!/bin/sh\n", 10}, "a script"},
        {{"PK\x03\x04zip", 7}, "an archive"},
        {{"<html>", 6}, "a web page"},
        {{"RIFF....WEBPVP8 ", 16}, "a WebP picture"},
        {{"\0\0\0\x18"
          "ftypheic",
          12},
         "a HEIC picture"},
        {{"\n%PDF-1.4", 9}, "no PDF, JPEG or PNG"},
        {{"\xff\xd8\xff\xe0 no picture", 15}, ""},
        {{"\x89PNG\r\n\x1a\nno picture", 18}, ""},
        {{"%PDF-1.4", 8}, "its end is missing"},
        {{"%PDF-1.4\n%%EOF", 14}, "where its objects are"},
        {{"%PDF-1.4\nstartxref\n9999\n%%EOF", 29}, "not where it says"},
        {{"%PDF-1.4\nstartxref\n-1\n%%EOF", 27}, "not where it says"},
        {{"%PDF-1.4\nstartxref\n1\n%%EOF", 26}, "not where it says"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_refused(*state, rows[i].bytes, rows[i].why, i);
}

static void a_program_called_a_paper_is_refused(void **state)
{
    struct ctx *ctx = *state;
    struct str pdf = pdf_of(ctx, STR(PLAIN));

    assert_refused(ctx, picture_joined(ctx, STR("MZ\x90"), pdf), "a Windows program", 0);
    assert_refused(ctx,
                   picture_joined(ctx, pdf,
                                  (struct str){"PK\x05\x06"
                                               "\0\0\0\0\0\0\0\0\0\0\0\0"
                                               "\0\0\0\0\0\0",
                                               22}),
                   "an archive at the same time", 1);
}

static void what_acts_is_refused(void **state)
{
    static const struct {
        const char *object, *why;
    } rows[] = {
        {"<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "contains a script"},
        {"<< /S /J#61vaScript >>", "contains a script"},
        {"<< /S /#4A#61#76#61#53#63#72#69#70#74>>", "contains a script"},
        {"<</S/Launch/F(calc.exe)>>", "starts other programs"},
        {"<< /Names << /EmbeddedFiles 7 0 R >> >>", "carries other files"},
        {"<< /Type /EmbeddedFile >>", "carries another file"},
        {"<< /S/SubmitForm >>", "sends what is typed"},
        {"<< /Encrypt 9 0 R >>", "protected by a password"},
        {"<< /Subtype/RichMedia>>", "carries a film"},
        {"<< /S/Rendition/JS(app.alert\\(1\\))>>", "runs a script"},
        {"<< /AcroForm << /XFA 8 0 R >> >>", "programs of its own"},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str object = str_of(rows[i].object);
        struct str hidden = packed(ctx, object);

        assert_refused(ctx, pdf_of(ctx, object), rows[i].why, i);
        assert_refused(ctx, pdf_stream(ctx, "/Filter/FlateDecode /Type/ObjStm", hidden),
                       rows[i].why, 100 + i);
        /* A dictionary that lies about it, or none at all, makes no difference. */
        assert_refused(ctx, pdf_stream(ctx, "/Subtype /Image", hidden), rows[i].why, 200 + i);
        assert_refused(ctx, pdf_stream(ctx, "/A (endobj endstream", hidden), rows[i].why, 300 + i);
    }
}

static void a_name_over_two_blocks_is_found(void **state)
{
    struct ctx *ctx = *state;
    size_t n = (64 << 10) + 100;
    char *at = arena_alloc(&ctx->arena, n);

    memset(at, ' ', n);
    memcpy(at + (64 << 10) - 5, "/Launch ", 8);
    assert_refused(ctx, pdf_stream(ctx, "", packed(ctx, (struct str){at, n})),
                   "starts other programs", 0);
}

static void hidden_objects_are_refused(void **state)
{
    static const char *const dictionaries[] = {
        "/Type /ObjStm /Filter /LZWDecode",
        "/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]",
        "/Type /ObjStm /Filter /FlateDecode",
        "/Type/ObjStm/Filter 8 0 R",
        "/Type /ObjStm /DecodeParms << /Predictor 12 >> /Filter /FlateDecode",
    };

    for (size_t i = 0; i < COUNT(dictionaries); i++)
        assert_refused(*state, pdf_stream(*state, dictionaries[i], STR("not packed by zlib")),
                       "cannot be looked into", i);
}

static void a_bomb_is_refused_early(void **state)
{
    struct ctx *ctx = *state;
    size_t n = 30 << 20;
    char *zeros = arena_alloc(&ctx->arena, n);
    struct str one = packed(ctx, (struct str){zeros, n});
    struct buf b = BUF(8 << 20);

    for (int i = 0; i < 12; i++) {
        buf_puts(&b, "5 0 obj <<>> stream\n");
        buf_str(&b, one);
        buf_puts(&b, "\nendstream\n");
    }
    assert_refused(ctx, pdf_of(ctx, buf_view(&b)), "unpacks to more than 256 MiB", 0);
    buf_finish(&b);
}

static void a_second_file_behind_a_picture_is_refused(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_quarters(ctx, 20, 20);
    struct str jpeg = picture_jpeg(ctx, &im, JPEG_PLAIN);

    assert_refused(ctx, picture_joined(ctx, jpeg, STR("PK\x03\x04")), "hidden behind", 0);
    assert_refused(ctx, (struct str){jpeg.at, jpeg.len / 2}, "", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(whole_papers_are_taken),
        ctx_test(other_files_are_named),
        ctx_test(a_program_called_a_paper_is_refused),
        ctx_test(what_acts_is_refused),
        ctx_test(a_name_over_two_blocks_is_found),
        ctx_test(hidden_objects_are_refused),
        ctx_test(a_bomb_is_refused_early),
        ctx_test(a_second_file_behind_a_picture_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
