/* SPDX-License-Identifier: MIT */
/* The school's gallery, opened, measured and wiped; names only for who may see them all. */
#include "recognition/calibration.h"

#include <math.h>

#include "enrolment/apart.h"
#include "enrolment/enrolment.h"
#include "face/calibrate.h"
#include "students/students.h"

enum { SVG_MAX = 64 << 10 };

#define F(...) FIELD(struct calibration_bin, __VA_ARGS__)
static const struct field bin_fields[] = {
    F(from, "Similarity at which the step begins; it is 0.02 wide", .required = true),
    F(genuine, "Comparisons within persons", .required = true),
    F(impostor, "Comparisons between persons", .required = true),
};
#undef F
static const struct schema bin_schema = SCHEMA(calibration_bin, bin_fields);

#define F(...) FIELD(struct calibration_roster, __VA_ARGS__)
static const struct field roster_fields[] = {
    F(persons, "Persons in the roster", .required = true, .example = "30"),
    F(threshold, "Similarity asked for", .required = true, .example = "0.45"),
    F(fmr, "Share of pairs of persons that reach it", .required = true),
    F(fpir, "Strangers who would be named: 1 - (1 - fmr)^persons", .required = true),
    F(fpir_low, "95 % interval by Clopper and Pearson", .required = true),
    F(fpir_high, "Its upper end", .required = true),
    F(fnir, "Templates that would not find their person", .required = true),
    F(fnir_low, "95 % interval by Clopper and Pearson", .required = true),
    F(fnir_high, "Its upper end", .required = true),
};
#undef F
static const struct schema roster_schema = SCHEMA(calibration_roster, roster_fields);

#define F(...) FIELD(struct calibration_closest, __VA_ARGS__)
static const struct field closest_fields[] = {
    F(a_student_id, "Student", .required = true),
    F(b_student_id, "The other", .required = true),
    F(a_name, "Student's name", .required = true),
    F(b_name, "The other's name", .required = true),
    F(similarity, "Of their most similar templates", .required = true),
};
#undef F
static const struct schema closest_schema = SCHEMA(calibration_closest, closest_fields);

#define F(...) FIELD(struct calibration_report, __VA_ARGS__)
static const struct field report_fields[] = {
    F(ready, "Whether there is enough to say something", .required = true),
    F(missing, "What is needed first: two_persons, two_templates", .required = true),
    F(persons, "Persons compared", .required = true),
    F(templates, "Their templates", .required = true),
    F(genuine_n, "Comparisons within persons", .required = true),
    F(impostor_n, "Comparisons between persons", .required = true),
    F(pairs, "Pairs of persons", .required = true),
    F(look_alikes, "Pairs that look alike: they have a rule of their own", .required = true),
    F(genuine_least, "Least similarity of a template with its person", .required = true),
    F(genuine_mean, "Mean of these", .required = true),
    F(impostor_most, "Highest similarity of a template with another person", .required = true),
    F(impostor_mean, "Mean of these", .required = true),
    F(closest, "The two persons who are most alike", .items = &closest_schema),
    F(rosters, "What to expect, by size of roster", .required = true, .items = &roster_schema),
    F(bins, "Both distributions", .required = true, .items = &bin_schema),
    F(floor, "The least that may be asked, for the largest roster", .required = true),
    F(most, "The most that may be asked", .required = true),
    F(threshold, "Asked in the largest roster", .required = true),
    F(own, "The school's own; null: what the models ask", .required = true),
    F(suggested, "The least at which at most 1 stranger in 200 would be named", .required = true),
    F(model, "Model of the templates", .required = true),
    F(method, "How these figures come about", .required = true),
};
#undef F
const struct schema calibration_schema = SCHEMA(calibration_report, report_fields);

static const char method[] =
    "Leave one out: each template with the others of its person and with each other person, a "
    "person's similarity being that of the best template or their mean. FPIR is 1 - (1 - FMR)^N, "
    "as if comparisons were independent, with FMR the share of pairs of persons. Intervals: 95 %, "
    "Clopper-Pearson; with nothing seen the upper end is about 3.7 in the number of pairs.";

/* A measurement and what it was made of. */
struct measured {
    struct calibration c;
    double own;
    const struct face_rule *rule;
};

/* Least, middle and largest group, at most; without groups everybody. */
static size_t choose_sizes(const struct i64s *all, size_t persons, size_t ret[3])
{
    size_t n = 0;

    if (!all->n) {
        ret[0] = persons > 2 ? persons : 2;
        return 1;
    }
    for (size_t k = 0; k < 3; k++) {
        size_t size = (size_t)all->at[k * (all->n - 1) / 2];
        if (!n || ret[n - 1] != size)
            ret[n++] = size;
    }
    return n;
}

static enum err measure(struct ctx *ctx, struct measured *ret)
{
    struct apart_gallery g = {0};
    struct i64s groups = {0};
    size_t sizes[3];
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : apart_gallery(ctx, &g);
    e = e ? e : apart_roster_sizes(ctx, &groups);
    e = e ? e : apart_threshold(ctx, &ret->own);
    if (e)
        return e;
    ret->rule = face_models_rule(ctx->services->models);
    struct calibrate_in in = {
        .vectors = g.vectors,
        .persons = g.persons,
        .n = g.n,
        .rosters = sizes,
        .n_rosters = choose_sizes(&groups, g.n, sizes),
        .least_threshold = ret->own,
        .rule = ret->rule,
    };
    calibrate(ctx, &in, &ret->c);
    return ERR_OK;
}

static struct list tell_bins(struct ctx *ctx, const struct calibration *c)
{
    struct calibration_bin *bins = ARENA_NEW_N(&ctx->arena, struct calibration_bin, CALIBRATE_BINS);

    for (size_t i = 0; i < CALIBRATE_BINS; i++)
        bins[i] = (struct calibration_bin){
            round(100 * (calibrate_bin_from + (double)i * calibrate_bin_width)) / 100,
            c->genuine[i], c->impostor[i]};
    return (struct list){bins, CALIBRATE_BINS};
}

static struct list tell_rosters(struct ctx *ctx, const struct calibration *c)
{
    struct calibration_roster *all =
        ARENA_NEW_N(&ctx->arena, struct calibration_roster, c->n_rosters);

    for (size_t i = 0; i < c->n_rosters; i++) {
        const struct calibrate_roster *r = &c->rosters[i];
        all[i] = (struct calibration_roster){
            .persons = r->persons,
            .threshold = r->threshold,
            .fmr = r->fmr,
            .fpir = r->fpir,
            .fpir_low = r->fpir_interval.low,
            .fpir_high = r->fpir_interval.high,
            .fnir = r->fnir,
            .fnir_low = r->fnir_interval.low,
            .fnir_high = r->fnir_interval.high,
        };
    }
    return (struct list){all, c->n_rosters};
}

static enum err tell_closest(struct ctx *ctx, const struct calibration *c, struct obj *ret)
{
    struct calibration_closest *out = ARENA_NEW(&ctx->arena, struct calibration_closest);
    struct student a = {0}, b = {0};
    enum err e;

    if (!c->closest_a || ctx->actor.role != ROLE_ADMIN)
        return ERR_OK;
    e = student_get_for(ctx, c->closest_a, &a);
    e = e ? e : student_get_for(ctx, c->closest_b, &b);
    *out =
        (struct calibration_closest){c->closest_a, c->closest_b, a.name, b.name, c->impostor_most};
    ret->at = out;
    return e;
}

static struct strs tell_missing(struct ctx *ctx, const struct calibration *c)
{
    struct strs out = {ARENA_NEW_N(&ctx->arena, struct str, 2), 0};

    if (c->persons < 2)
        out.at[out.n++] = STR("two_persons");
    if (!c->genuine_n)
        out.at[out.n++] = STR("two_templates");
    return out;
}

static double in_use(const struct measured *m)
{
    return fmax(m->c.floor, m->own);
}

static enum err describe(struct ctx *ctx, const struct measured *m, struct calibration_report *ret)
{
    const struct calibration *c = &m->c;

    *ret = (struct calibration_report){
        .ready = c->enough,
        .missing = tell_missing(ctx, c),
        .persons = c->persons,
        .templates = c->templates,
        .genuine_n = c->genuine_n,
        .impostor_n = c->impostor_n,
        .pairs = c->pairs_n,
        .look_alikes = c->look_alikes,
        .genuine_least = c->genuine_n ? c->genuine_least : 0,
        .genuine_mean = c->genuine_mean,
        .impostor_most = c->impostor_most,
        .impostor_mean = c->impostor_mean,
        .rosters = tell_rosters(ctx, c),
        .bins = tell_bins(ctx, c),
        .floor = c->floor,
        .most = calibrate_most,
        .threshold = in_use(m),
        .own = {.set = m->own > 0, .null = m->own <= 0, .v = m->own},
        .suggested = c->suggested,
        .model = str_of(face_model_id(ctx->services->models)),
        .method = STR(method),
    };
    return tell_closest(ctx, c, &ret->closest);
}

enum err calibration_get(struct ctx *ctx, struct calibration_report *ret)
{
    struct measured m = {0};
    enum err e = measure(ctx, &m);

    return e ? e : describe(ctx, &m, ret);
}

enum err calibration_svg(struct ctx *ctx, struct str *ret)
{
    cleanup(buf_finish) struct buf b = BUF(SVG_MAX);
    struct measured m = {0};
    enum err e = measure(ctx, &m);

    if (e)
        return e;
    calibrate_draw(&b, &m.c, in_use(&m));
    if (b.failed)
        return fail(ctx, ERR_INTERNAL, "the drawing does not fit");
    *ret = arena_str(&ctx->arena, buf_view(&b));
    return ERR_OK;
}

enum err calibration_set_threshold(struct ctx *ctx, const struct threshold_wish *in,
                                   struct calibration_report *ret)
{
    struct measured m = {0};
    double wish = in->threshold.set && !in->threshold.null ? in->threshold.v : 0;
    bool is_set = in->threshold.set && !in->threshold.null;
    enum err e = measure(ctx, &m);

    if (e)
        return e;
    if (is_set && wish < m.c.floor - 1e-9)
        return fail_field(ctx, "/threshold", "min",
                          arena_printf(&ctx->arena, "%.2f..%.2f", m.c.floor, calibrate_most).at,
                          "must be at least %.3f: below this strangers were named too often in "
                          "rosters of this size, whatever the school's own faces say",
                          m.c.floor);
    if (is_set && wish > calibrate_most + 1e-9)
        return fail_field(ctx, "/threshold", "max",
                          arena_printf(&ctx->arena, "%.2f..%.2f", m.c.floor, calibrate_most).at,
                          "must be at most %.2f: above this hardly anybody is found",
                          calibrate_most);
    e = apart_set_threshold(ctx, wish);
    return e ? e : calibration_get(ctx, ret);
}
