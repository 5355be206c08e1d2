/* SPDX-License-Identifier: MIT */
/* `smartpresence face detect | compare | eval | identify | models`. */
#include "cli/cmd_face.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"

#include "face/identify.h"

enum { OUT_MAX = 64 << 20, FILE_MAX = 64 << 20 };

struct point_out {
    double x, y;
};

struct face_out {
    struct obj box;
    double score;
    struct list points;
    double yaw_deg, roll_deg, luma, sharpness, norm;
    struct opt_f64 left_eye_closed, right_eye_closed; /* null: the pack cannot tell */
    struct strs flaws;
};

struct picture_out {
    struct str file;
    int64_t width, height;
    double ms;
    struct list faces;
    int64_t more_faces;
};

struct detect_out {
    struct list pictures;
};

struct compare_out {
    double similarity, threshold;
    bool same;
    double ms;
};

#define F(...) FIELD(struct face_box, __VA_ARGS__)
static const struct field box_fields[] = {
    F(x, "Left edge in pixels"),
    F(y, "Top edge in pixels"),
    F(width, "Width in pixels"),
    F(height, "Height in pixels"),
};
#undef F
static const struct schema box_schema = SCHEMA_NAMED("face_box", face_box, box_fields);

#define F(...) FIELD(struct point_out, __VA_ARGS__)
static const struct field point_fields[] = {
    F(x, "Pixels from the left"),
    F(y, "Pixels from the top"),
};
#undef F
static const struct schema point_schema = SCHEMA_NAMED("point", point_out, point_fields);

#define F(...) FIELD(struct face_out, __VA_ARGS__)
static const struct field face_fields[] = {
    F(box, "Where the face is", .items = &box_schema),
    F(score, "The detector's certainty, 0..1"),
    F(points, "Eyes, nose, mouth corners, image-left first", .items = &point_schema),
    F(yaw_deg, "Turned to the image's right"),
    F(roll_deg, "Tilted clockwise"),
    F(luma, "Brightness of the face, 0..255"),
    F(sharpness, "Variance of the Laplacian of the aligned face"),
    F(norm, "Length of the raw embedding"),
    F(left_eye_closed, "Probability for the image-left eye"),
    F(right_eye_closed, "Probability for the image-right eye"),
    F(flaws, "What keeps it from being enrolled"),
};
#undef F
static const struct schema face_schema = SCHEMA_NAMED("face", face_out, face_fields);

#define F(...) FIELD(struct picture_out, __VA_ARGS__)
static const struct field picture_fields[] = {
    F(file, "Path as given"),
    F(width, "Pixels, upright"),
    F(height, "Pixels, upright"),
    F(ms, "Decoding and recognition"),
    F(faces, "Largest first, at most 64", .items = &face_schema),
    F(more_faces, "Smaller ones, not looked at"),
};
#undef F
static const struct schema picture_schema = SCHEMA_NAMED("picture", picture_out, picture_fields);

#define F(...) FIELD(struct detect_out, __VA_ARGS__)
static const struct field detect_fields[] = {
    F(pictures, "In the order given", .items = &picture_schema),
};
#undef F
static const struct schema detect_schema = SCHEMA_NAMED("detect", detect_out, detect_fields);

#define F(...) FIELD(struct compare_out, __VA_ARGS__)
static const struct field compare_fields[] = {
    F(similarity, "Cosine of the two embeddings"),
    F(threshold, "Taken for the same person from here on"),
    F(same, "Whether it is reached"),
    F(ms, "Both pictures"),
};
#undef F
static const struct schema compare_schema = SCHEMA_NAMED("compare", compare_out, compare_fields);

enum err face_cli_print_json(struct ctx *ctx, const struct schema *s, const void *at)
{
    cleanup(buf_finish) struct buf b = BUF(OUT_MAX);

    json_write(&b, s, at);
    buf_putc(&b, '\n');
    if (b.failed || fwrite(b.at, 1, b.len, stdout) != b.len || fflush(stdout))
        return fail(ctx, ERR_INTERNAL, "the result could not be written");
    return ERR_OK;
}

static void finish_image(struct image *im)
{
    image_finish(im);
}

enum err face_cli_read(struct ctx *ctx, const char *path, struct image *ret)
{
    cleanup(buf_finish) struct buf file = {0};
    enum err e = fs_read(ctx, path, FILE_MAX, &file);

    if (e)
        return e;
    e = image_decode(ctx, buf_view(&file), ret);
    if (e) {
        struct str why = ctx->fault.detail;
        fault_clear(ctx);
        return fail(ctx, e, "%s: %.*s", path, (int)why.len, why.at);
    }
    return ERR_OK;
}

static struct face_out describe_face(struct ctx *ctx, const struct face_found *f,
                                     const struct image *im)
{
    struct face_flaws flaws = face_check(f, im, FACE_FOR_ENROLMENT);
    struct point_out *points = ARENA_NEW_N(&ctx->arena, struct point_out, COUNT(f->points));
    struct str *texts = ARENA_NEW_N(&ctx->arena, struct str, flaws.n);
    struct face_box *box = ARENA_NEW(&ctx->arena, struct face_box);

    *box = f->box;
    for (size_t i = 0; i < COUNT(f->points); i++)
        points[i] = (struct point_out){f->points[i].x, f->points[i].y};
    for (size_t i = 0; i < flaws.n; i++)
        texts[i] = face_flaw_text(ctx, &flaws, i);
    return (struct face_out){
        .box = {box},
        .score = f->score,
        .points = {points, COUNT(f->points)},
        .yaw_deg = f->yaw_deg,
        .roll_deg = f->roll_deg,
        .luma = f->luma,
        .sharpness = f->sharpness,
        .norm = f->norm,
        .left_eye_closed = {.set = f->eyes_measured, .v = f->eyes_closed[0]},
        .right_eye_closed = {.set = f->eyes_measured, .v = f->eyes_closed[1]},
        .flaws = {texts, flaws.n},
    };
}

static enum err detect_one(struct ctx *ctx, const char *path, bool tiled, struct picture_out *ret)
{
    enum face_options options = FACE_EMBED | FACE_EYES | (tiled ? FACE_TILED : 0);
    cleanup(finish_image) struct image im = {0};
    int64_t start = clock_mono_us();
    struct face_found *found;
    size_t n, more;

    enum err e = face_cli_read(ctx, path, &im);
    if (!e)
        e = face_find_some(ctx, &im, options, &found, &n, &more);
    if (e)
        return e;
    struct face_out *faces = ARENA_NEW_N(&ctx->arena, struct face_out, n);
    for (size_t i = 0; i < n; i++)
        faces[i] = describe_face(ctx, &found[i], &im);
    *ret = (struct picture_out){
        .file = str_of(path),
        .width = im.width,
        .height = im.height,
        .ms = (double)(clock_mono_us() - start) / 1000,
        .faces = {faces, n},
        .more_faces = (int64_t)more,
    };
    return ERR_OK;
}

static void print_picture(const struct picture_out *p)
{
    const struct face_out *faces = p->faces.at;

    printf("%.*s: %lld x %lld, %zu %s, %.1f ms\n", (int)p->file.len, p->file.at,
           (long long)p->width, (long long)p->height, p->faces.n,
           p->faces.n == 1 ? "face" : "faces", p->ms);
    for (size_t i = 0; i < p->faces.n; i++) {
        const struct face_box *b = faces[i].box.at;
        printf(
            "  %zu: %.0f x %.0f at (%.0f, %.0f), score %.2f, yaw %.0f°, roll %.0f°, luma %.0f, "
            "sharpness %.0f, norm %.2f\n",
            i + 1, b->width, b->height, b->x, b->y, faces[i].score, faces[i].yaw_deg,
            faces[i].roll_deg, faces[i].luma, faces[i].sharpness, faces[i].norm);
        for (size_t k = 0; k < faces[i].flaws.n; k++)
            printf("     %.*s\n", (int)faces[i].flaws.at[k].len, faces[i].flaws.at[k].at);
    }
    if (p->more_faces)
        printf("  and %lld smaller ones, not looked at\n", (long long)p->more_faces);
}

static enum err cmd_detect(struct ctx *ctx, const struct face_args *args)
{
    struct picture_out *all = ARENA_NEW_N(&ctx->arena, struct picture_out, args->n);

    if (!args->n)
        return fail(ctx, ERR_BAD_REQUEST, "name at least one picture");
    for (size_t i = 0; i < args->n; i++) {
        enum err e = detect_one(ctx, args->files[i], args->tiled, &all[i]);
        if (e)
            return e;
        if (!args->json)
            print_picture(&all[i]);
    }
    struct detect_out out = {{all, args->n}};
    return args->json ? face_cli_print_json(ctx, &detect_schema, &out) : ERR_OK;
}

/* The largest face of a picture, embedded. */
static enum err largest_face(struct ctx *ctx, const char *path, struct face_found *ret)
{
    cleanup(finish_image) struct image im = {0};
    struct face_found *found;
    size_t n;

    enum err e = face_cli_read(ctx, path, &im);
    if (!e)
        e = face_find(ctx, &im, FACE_EMBED, &found, &n);
    if (e)
        return e;
    if (!n || !found[0].embedded)
        return fail(ctx, ERR_FACE_NONE, "%s: no face was found", path);
    *ret = found[0];
    return ERR_OK;
}

static enum err cmd_compare(struct ctx *ctx, const struct face_args *args)
{
    struct face_found faces[2];
    int64_t start = clock_mono_us();

    if (args->n != 2)
        return fail(ctx, ERR_BAD_REQUEST, "name two pictures");
    for (size_t i = 0; i < 2; i++) {
        enum err e = largest_face(ctx, args->files[i], &faces[i]);
        if (e)
            return e;
    }
    struct compare_out out = {
        .similarity = face_cosine(faces[0].embedding, faces[1].embedding),
        .threshold = face_rule_threshold(args->rule, 1),
        .ms = (double)(clock_mono_us() - start) / 1000,
    };
    out.same = out.similarity >= out.threshold;
    if (args->json)
        return face_cli_print_json(ctx, &compare_schema, &out);
    printf("similarity %.3f, threshold %.2f: %s (%.1f ms)\n", out.similarity, out.threshold,
           out.same ? "the same person" : "different persons", out.ms);
    return ERR_OK;
}

/* What is left of the command line after the options; false: something is not understood. */
static bool parse(struct cli *cli, struct face_args *ret)
{
    struct face_args args = {
        .json = cli_flag(cli, "--json"),
        .tiled = cli_flag(cli, "--tiled"),
        .aligned = cli_flag(cli, "--aligned"),
        .all_pairs = cli_flag(cli, "--all-pairs"),
        .root = cli_value(cli, "--root"),
        .pairs = cli_value(cli, "--pairs"),
        .yes = cli_flag(cli, "--yes"),
        .curve = cli_flag(cli, "--curve"),
        .quality = cli_flag(cli, "--quality"),
        .gallery = cli_value(cli, "--gallery"),
        .probes = cli_value(cli, "--probes"),
        .templates = cli_value(cli, "--templates"),
    };

    if (cli->argc < 2)
        return false;
    args.files = cli->argv + 2;
    args.n = (size_t)cli->argc - 2;
    for (size_t i = 0; i < args.n; i++)
        if (args.files[i][0] == '-')
            return false;
    *ret = args;
    return true;
}

static enum err run(struct ctx *ctx, const char *verb, const struct face_args *args)
{
    if (strcmp(verb, "detect") == 0)
        return cmd_detect(ctx, args);
    if (strcmp(verb, "compare") == 0)
        return cmd_compare(ctx, args);
    if (strcmp(verb, "eval") == 0)
        return face_eval(ctx, args);
    if (strcmp(verb, "identify") == 0)
        return face_identify(ctx, args);
    return fail(ctx, ERR_BAD_REQUEST, "there is no \"face %s\"", verb);
}

/* All commands but `models` recognise: they need the nets. */
static enum err run_with_nets(struct ctx *ctx, const char *verb, const struct face_args *args,
                              const struct face_sources *from)
{
    struct face_models *models = face_models_open_pack(ctx, from);
    struct face *before = ctx->face;

    struct face_args with_rule = *args;

    with_rule.rule = face_models_rule(models);
    ctx->face = face_create(models);
    enum err e = run(ctx, verb, &with_rule);
    face_destroy(ctx->face);
    ctx->face = before;
    face_models_close(models);
    return e;
}

int cmd_face(struct cli *cli)
{
    struct ctx *ctx = cli->ctx;
    struct face_sources from = face_sources_of(ctx, &cli->app->options.settings);
    const char *runtime = cli_value(cli, "--runtime");
    struct face_args args;

    if (cli->argc > 1 && strcmp(cli->argv[1], "calibrate") == 0)
        return face_calibrate(cli);
    if (!parse(cli, &args))
        return cli_usage(cli, "say what to do, with options that are known");
    if (runtime)
        from.runtime = runtime;
    enum err e = strcmp(cli->argv[1], "models") == 0
                     ? face_models_cli(cli, &args, &from)
                     : run_with_nets(ctx, cli->argv[1], &args, &from);
    if (e == ERR_BAD_REQUEST)
        return cli_usage(cli, ctx->fault.detail.at);
    return e ? cli_failed(cli, e) : EXIT_DONE;
}
