/* SPDX-License-Identifier: MIT */
/*
 * Packs as text: the built-in one says what the code says, damaged ones never do harm. What packs
 * do with nets is tested through the binary: tests/api/test_packs.py.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ctx_test.h"
#include "face/pack.h"
#include "face/pack_text.h"

static struct pack read_default(struct ctx *ctx)
{
    struct pack p = {0};

    if (pack_read(ctx, "", STR(""), &p))
        print_error("%s\n", ctx->fault.detail.at);
    assert_int_equal(ctx->fault.err, ERR_OK);
    return p;
}

/* Faces that no pack has seen are judged as by the default pack. */
static void test_default_limits_and_rule(void **state)
{
    struct ctx *ctx = *state;
    struct pack p = read_default(ctx);
    const struct image im = {.width = 400, .height = 300};
    const double heights[] = {47.9, 48.1, 99.9, 100.1}, norms[] = {2.79, 2.81, 3.19, 3.21};
    const size_t persons[] = {1, 2, 200, 201, 500, 999, 1000, 5000};

    assert_true(p.builtin && !p.derived && str_is(p.id, "default"));
    assert_true(str_is(p.model, "faceplugin-0.0.1/fr_feature/bgr"));
    for (size_t i = 0; i < COUNT(heights) * COUNT(norms); i++) {
        struct face_found f = {.box = {50, 50, 80, heights[i % 4]},
                               .luma = 120,
                               .sharpness = 300,
                               .norm = norms[i / 4],
                               .embedded = true};
        for (int purpose = 0; purpose < 2; purpose++) {
            f.limits = NULL;
            struct face_flaws want = face_check(&f, &im, (enum face_purpose)purpose);
            f.limits = p.limits;
            struct face_flaws got = face_check(&f, &im, (enum face_purpose)purpose);
            assert_int_equal(got.n, want.n);
            for (size_t k = 0; k < got.n; k++)
                assert_true(got.at[k].flaw == want.at[k].flaw &&
                            got.at[k].limit == want.at[k].limit);
        }
    }
    for (size_t i = 0; i < COUNT(persons); i++)
        assert_true(fabs(face_rule_threshold(&p.rule, persons[i]) - face_threshold(persons[i])) <
                    1e-12);
    assert_true(p.rule.margin == face_rule_default.margin);
}

/* What a pack does not ask is not asked. */
static void test_limits_left_out(void **state)
{
    struct ctx *ctx = *state;
    const struct image im = {.width = 400, .height = 300};
    struct pack p = read_default(ctx);
    struct face_limits none = {-INFINITY, -INFINITY, INFINITY, INFINITY, INFINITY,
                               -INFINITY, INFINITY,  INFINITY, -INFINITY};
    struct face_found f = {
        .box = {-90, 0, 9, 9}, .eyes_closed = {1, 1}, .embedded = true, .limits = p.limits};

    assert_true(face_check(&f, &im, FACE_FOR_ENROLMENT).n >= 5);
    p.limits[FACE_FOR_ENROLMENT] = none;
    assert_int_equal(face_check(&f, &im, FACE_FOR_ENROLMENT).n, 0);
}

static void test_shapes(void **state)
{
    struct ctx *ctx = *state;
    struct pack p = read_default(ctx);
    struct net_shape s;

    pack_shape(&p, NET_DETECT, &s);
    assert_int_equal(s.in[2], 240);
    assert_int_equal(s.in[3], 320);
    assert_int_equal(s.out[0][1], 4420);
    assert_int_equal(s.out[1][2], 4);
    pack_shape(&p, NET_EYE, &s);
    assert_int_equal(s.in[1], 1);
    p.nets[NET_DETECT].adapter = ADAPTER_SCRFD;
    p.nets[NET_DETECT].width = 640;
    p.nets[NET_DETECT].height = 320;
    pack_shape(&p, NET_DETECT, &s);
    assert_int_equal(s.n_outputs, 9);
    assert_int_equal(s.out[0][0], 2 * 80 * 40);
    assert_int_equal(s.out[5][0], 2 * 20 * 10);
    assert_int_equal(s.out[5][1], 4);
    assert_int_equal(s.out[8][1], 10);
}

static void test_colours(void **state)
{
    static const uint8_t rgb[] = {10, 20, 30, 255, 0, 128};
    struct ctx *ctx = *state;
    struct pack_net net = {.channels = CHANNELS_RGB, .mean = 127.5, .std = 127.5};
    struct view v = {rgb, 2, 1, 6};
    float planes[6], boxed[12];

    pack_fill(&net, rgb, 2, planes);
    assert_true(fabsf(planes[0] - (10 - 127.5F) / 127.5F) < 1e-6F);
    assert_true(fabsf(planes[1] - 1) < 1e-6F);
    assert_true(fabsf(planes[4] - (30 - 127.5F) / 127.5F) < 1e-6F);
    net.channels = CHANNELS_BGR;
    pack_fill(&net, rgb, 2, planes);
    assert_true(fabsf(planes[0] - (30 - 127.5F) / 127.5F) < 1e-6F);
    assert_true(fabsf(planes[5] - 1) < 1e-6F);

    /* Below the picture is the padding, of each adapter its own. */
    for (int scrfd = 0; scrfd < 2; scrfd++) {
        net.adapter = scrfd ? ADAPTER_SCRFD : ADAPTER_ULTRAFACE;
        struct planes to = {2, 2, pack_scale(&net), boxed};
        struct letterbox box = pixels_letterbox(&ctx->arena, v, &to);
        assert_true(box.width == 2 && box.height == 2);
        for (size_t plane = 0; plane < 3; plane++) {
            assert_true(fabsf(boxed[4 * plane] - planes[2 * plane]) < 1e-5F);
            assert_true(fabsf(boxed[4 * plane + 2] - ((scrfd ? 0 : 127) - 127.5F) / 127.5F) <
                        1e-5F);
        }
    }
}

/* The points of a face that lies as the template does need no turn; those that coincide no warp. */
static void test_template(void **state)
{
    struct ctx *ctx = *state;
    struct pack p = read_default(ctx);
    struct point points[5] = {{0}};
    struct affine m;

    assert_false(align_map(p.template, points, &m));
    for (size_t i = 0; i < 5; i++)
        points[i] = (struct point){2 * p.template[i].x + 7, 2 * p.template[i].y - 3};
    assert_true(align_map(p.template, points, &m));
    assert_true(fabs(m.a - 2) < 1e-9 && fabs(m.b) < 1e-9 && fabs(m.c - 7) < 1e-9);
    assert_true(fabs(m.e - 2) < 1e-9 && fabs(m.f + 3) < 1e-9);
}

static void test_names(void **state)
{
    static const char *const bad[] = {"", ".", "..", ".x", "a/b", "A", "a b", "é", "a\n"};
    static const char *const good[] = {"buffalo_l", "a", "x-1.2"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(pack_id_is_valid(str_of(bad[i])));
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(pack_id_is_valid(str_of(good[i])));
}

/* One byte after the other wrong, and the text cut everywhere: an error in words, or a pack. */
static void test_damaged_text(void **state)
{
    static const char bytes[] = {'"', '{', '9', '\0', '\x80', '-', ']'};
    struct ctx *ctx = *state;
    struct str text = pack_text_default;
    char *copy = malloc(text.len);

    assert_non_null(copy);
    for (size_t i = 0; i < 2 * text.len; i++) {
        struct pack p = {0};
        size_t at = i % text.len;
        bool cut = i >= text.len;

        memcpy(copy, text.at, text.len);
        copy[at] = bytes[i % COUNT(bytes)];
        if (cut && at + 2 < text.len)
            assert_int_equal(pack_parse(ctx, STR("default"), (struct str){text.at, at}, false, &p),
                             ERR_MODELS_UNAVAILABLE);
        else if (pack_parse(ctx, STR("default"), (struct str){copy, text.len}, false, &p))
            assert_says(ctx->fault.detail.at, "pack.json: ", i);
        else
            assert_true(p.nets[NET_DETECT].used && p.nets[NET_FEATURE].used);
        ctx_reset(ctx);
    }
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_default_limits_and_rule),
        ctx_test(test_limits_left_out),
        ctx_test(test_shapes),
        ctx_test(test_colours),
        ctx_test(test_template),
        cmocka_unit_test(test_names),
        ctx_test(test_damaged_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
