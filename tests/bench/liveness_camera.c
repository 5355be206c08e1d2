/* SPDX-License-Identifier: MIT */
/*
 * A camera for tests: a synthetic person (or an attack) before it does what a liveness session
 * asks.
 *
 * usage: liveness_camera MODELS_DIR RUNTIME PORTRAIT SEED SPECIES_NUMBER
 * Each line on stdin, "SECONDS DONE TOTAL CHALLENGE", is answered by one frame on stdout: four
 * bytes of its length, big-endian, then the JPEG. CHALLENGE is "none" when nothing is asked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "liveness_player.h"

static const double NOSE = 0.47;

_Noreturn static void fail_hard(const struct ctx *ctx, const char *what)
{
    (void)fprintf(stderr, "liveness_camera: %s: %s\n", what,
                  ctx->fault.detail.len ? ctx->fault.detail.at : "");
    exit(2);
}

static enum live_challenge challenge_of(struct str name)
{
    for (int c = 0; c < LIVE_CHALLENGE_COUNT; c++)
        if (str_is(name, live_challenge_name((enum live_challenge)c)))
            return (enum live_challenge)c;
    return LIVE_BLINK;
}

/* False when the line is not one of ours. */
static bool read_line(struct str line, double *seconds, struct live_progress *ret)
{
    int64_t done, total;
    bool fine = str_to_f64(str_cut(&line, ' '), seconds) &&
                str_to_i64(str_cut(&line, ' '), &done) && str_to_i64(str_cut(&line, ' '), &total);

    if (!fine)
        return false;
    ret->done = (size_t)done;
    ret->n = (size_t)total;
    ret->current = challenge_of(line);
    ret->hint = LIVE_HINT_NONE;
    /* Nobody who was asked for nothing moves. */
    ret->state = total ? LIVE_ONGOING : LIVE_PASSED;
    return true;
}

static void put_frame(struct ctx *ctx, const struct canvas *c, int quality)
{
    struct str file;
    unsigned char head[4];

    if (canvas_jpeg(ctx, c, quality, &file))
        fail_hard(ctx, "a frame");
    for (int i = 0; i < 4; i++)
        head[i] = (unsigned char)(file.len >> (24 - 8 * i));
    (void)fwrite(head, 1, sizeof(head), stdout);
    (void)fwrite(file.at, 1, file.len, stdout);
    (void)fflush(stdout);
    ctx_reset(ctx);
}

int main(int argc, char **argv)
{
    static struct canvas canvas;
    struct ctx ctx = {.ports = &system_ports};
    struct portrait face = {0};
    struct player player;
    struct live_progress progress = {0};
    double seconds = 0;
    char line[128];

    if (argc != 6) {
        (void)fputs("usage: liveness_camera MODELS_DIR RUNTIME PORTRAIT SEED SPECIES_NUMBER\n",
                    stderr);
        return 2;
    }
    ctx_reset(&ctx);
    struct face_models *models = face_models_open(&ctx, argv[2], argv[1]);
    ctx.face = face_create(models);
    if (portrait_load(&ctx, argv[3], NOSE, &face))
        fail_hard(&ctx, "the portrait");
    player_init(&player, (enum species)strtoul(argv[5], NULL, 10), &face, &face,
                strtoull(argv[4], NULL, 10));
    ctx_reset(&ctx);
    while (fgets(line, sizeof(line), stdin)) {
        if (!read_line(str_trim(str_of(line)), &seconds, &progress))
            fail_hard(&ctx, "a line is SECONDS DONE TOTAL CHALLENGE");
        player_frame(&player, seconds, &progress, &canvas);
        put_frame(&ctx, &canvas, player.quality);
    }
    canvas_finish(&canvas);
    portrait_finish(&face);
    face_destroy(ctx.face);
    face_models_close(models);
    arena_finish(&ctx.arena);
    return 0;
}
