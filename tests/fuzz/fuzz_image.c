/* SPDX-License-Identifier: MIT */
/*
 * Any bytes into image_decode. A decoded picture must have the size it says, within the limits, and
 * a refused one must come with a reason.
 */
#include <assert.h>

#include "face/face.h"
#include "fuzz.h"

/* Larger pictures only make each run slower. */
enum { PIXELS_TOUCHED = 1 << 20 };

static uint64_t sum_of(const struct image *im)
{
    size_t n = (size_t)(im->width * im->height * 3);
    uint64_t sum = 0;

    for (size_t i = 0; i < n && i < PIXELS_TOUCHED; i++)
        sum += im->rgb[i];
    return n ? sum + im->rgb[n - 1] : sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ctx ctx = {.ports = &system_ports};
    struct image im = {0};
    static volatile uint64_t sink;

    ctx_reset(&ctx);
    enum err e = image_decode(&ctx, (struct str){(const char *)data, size}, &im);
    if (e) {
        assert(ctx.fault.detail.len > 0);
        assert(!im.rgb);
        return 0;
    }
    assert(im.width > 0 && im.height > 0 && im.width * im.height <= FACE_MAX_PIXELS);
    sink = sum_of(&im);
    (void)sink;
    image_finish(&im);
    return 0;
}
