/* SPDX-License-Identifier: MIT */
/*
 * One frame after the other through the whole chain, on demand, so that others can take turns:
 * detect, landmarks, align, embed; or decode a JPEG first.
 *
 * usage: frame_bench MODELS_DIR RUNTIME FRAME...
 * A frame is WIDTHxHEIGHT.rgb (raw) or a JPEG. For each line "i" on standard input, the number of a
 * frame, it answers "milliseconds milliseconds_inside_the_nets faces"; for "memory" the resident
 * megabytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

#include "face/face.h"

enum { FRAMES_MOST = 64, FILE_MOST = 64 << 20 };

struct frame {
    struct buf file;
    struct image raw; /* without pixels for a JPEG */
};

static enum err load(struct ctx *ctx, const char *path, struct frame *ret)
{
    struct str name = str_of(path), rest;
    enum err e = fs_read(ctx, path, FILE_MOST, &ret->file);

    if (e || name.len < 4 || strcmp(name.at + name.len - 4, ".rgb") != 0)
        return e;
    /* ….WIDTHxHEIGHT.rgb */
    rest = (struct str){name.at, name.len - 4};
    for (size_t i = rest.len; i > 0; i--)
        if (rest.at[i - 1] == '.') {
            rest = (struct str){rest.at + i, rest.len - i};
            break;
        }
    if (!str_to_i64(str_cut(&rest, 'x'), &ret->raw.width) || !str_to_i64(rest, &ret->raw.height) ||
        (size_t)(ret->raw.width * ret->raw.height * 3) != ret->file.len)
        return fail(ctx, ERR_IMAGE_INVALID, "%s is not NAME.WIDTHxHEIGHT.rgb", path);
    ret->raw.rgb = (uint8_t *)ret->file.at;
    return ERR_OK;
}

static enum err run(struct ctx *work, const struct frame *frame)
{
    int64_t nets = face_nets_us(work->face), start = clock_mono_us();
    struct image decoded = {0};
    const struct image *im = &frame->raw;
    struct face_found *found;
    size_t n = 0;
    enum err e = ERR_OK;

    if (!im->rgb) {
        e = image_decode(work, buf_view(&frame->file), &decoded);
        im = &decoded;
    }
    e = e ? e : face_find(work, im, FACE_EMBED, &found, &n);
    image_finish(&decoded);
    if (e)
        return e;
    printf("%.3f %.3f %zu\n", (double)(clock_mono_us() - start) / 1000,
           (double)(face_nets_us(work->face) - nets) / 1000, n);
    ctx_reset(work);
    return ERR_OK;
}

static void print_memory(struct ctx *ctx)
{
    cleanup(buf_finish) struct buf status = {0};
    const char *at;

    if (fs_read(ctx, "/proc/self/status", 1 << 16, &status))
        return;
    at = strstr(buf_view(&status).at, "VmRSS:");
    if (at)
        printf("%.1f\n", (double)strtoll(at + 6, NULL, 10) / 1024);
}

static enum err answer(struct ctx *ctx, struct frame *frames, size_t n)
{
    char line[32];
    enum err e = ERR_OK;

    while (!e && fgets(line, sizeof(line), stdin)) {
        size_t i = (size_t)strtoul(line, NULL, 10);

        if (line[0] == 'm')
            print_memory(ctx);
        else if (i < n)
            e = run(ctx, &frames[i]);
        else
            return fail(ctx, ERR_BAD_REQUEST, "there is no frame %zu", i);
        (void)fflush(stdout);
    }
    return e;
}

int main(int argc, char **argv)
{
    struct ctx ctx = {.ports = &system_ports};
    struct frame frames[FRAMES_MOST] = {0};
    size_t n = argc > 3 ? (size_t)argc - 3 : 0;
    enum err e = ERR_OK;

    if (!n || n > FRAMES_MOST) {
        (void)fputs("usage: frame_bench MODELS_DIR RUNTIME FRAME...\n", stderr);
        return 2;
    }
    ctx_reset(&ctx);
    struct face_models *models = face_models_open(&ctx, argv[2], argv[1]);
    ctx.face = face_create(models);
    for (size_t i = 0; !e && i < n; i++)
        e = load(&ctx, argv[i + 3], &frames[i]);
    e = e ? e : answer(&ctx, frames, n);
    if (e)
        (void)fprintf(stderr, "frame_bench: %s\n", ctx.fault.detail.at);
    for (size_t i = 0; i < n; i++)
        buf_finish(&frames[i].file);
    face_destroy(ctx.face);
    face_models_close(models);
    arena_finish(&ctx.arena);
    return e != ERR_OK;
}
