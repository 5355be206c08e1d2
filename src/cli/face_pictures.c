/* SPDX-License-Identifier: MIT */
/*
 * Pictures in folders, for measuring. In pictures of the LFW kind the person meant is the largest
 * face near the middle.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd_face.h"

enum { PROGRESS_MS = 2000 };

bool face_cli_is_picture(struct str name)
{
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".webp"};

    for (size_t i = 0; i < COUNT(ends); i++) {
        size_t len = strlen(ends[i]);
        if (name.len > len &&
            str_eq_nocase((struct str){name.at + name.len - len, len}, str_of(ends[i])))
            return true;
    }
    return false;
}

/* The large face near the middle; NULL when there is none. */
static const struct face_found *main_face(const struct face_found *found, size_t n,
                                          const struct image *im)
{
    const struct face_found *best = NULL;
    double most = -INFINITY;

    for (size_t i = 0; i < n; i++) {
        const struct face_box *b = &found[i].box;
        double off = fabs(b->x + b->width / 2 - (double)im->width / 2) +
                     fabs(b->y + b->height / 2 - (double)im->height / 2);
        double worth = sqrt(b->width * b->height) - off / 2;
        if (found[i].embedded && worth > most) {
            most = worth;
            best = &found[i];
        }
    }
    return best;
}

enum err face_cli_embed(struct ctx *work, const char *path, bool aligned,
                        const struct face_found **ret, struct face_flaws *flaws)
{
    cleanup(image_finish) struct image im = {0};
    struct face_found *found = NULL;
    size_t n = 1;
    enum err e = face_cli_read(work, path, &im);

    *ret = NULL;
    *flaws = (struct face_flaws){0};
    if (e)
        return e;
    if (aligned) {
        found = ARENA_NEW(&work->arena, struct face_found);
        e = face_embed_aligned(work, &im, found);
    } else {
        e = face_find(work, &im, FACE_EMBED, &found, &n);
    }
    if (e)
        return e;
    *ret = main_face(found, n, &im);
    if (*ret && !aligned)
        *flaws = face_check(*ret, &im, FACE_FOR_RECOGNITION);
    return ERR_OK;
}

/* On a terminal at once, elsewhere a line every two seconds. */
void face_cli_progress(size_t done, size_t all, int64_t *last_ms)
{
    bool tty = isatty(STDERR_FILENO);
    int64_t now = clock_mono_ms();

    if (now - *last_ms < (tty ? 100 : PROGRESS_MS) && !(tty && done == all))
        return;
    *last_ms = now;
    (void)fprintf(stderr, "%s%zu of %zu pictures%s", tty ? "\r" : "", done, all,
                  tty && done < all ? "" : "\n");
}
