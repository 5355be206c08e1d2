/* SPDX-License-Identifier: MIT */
/* From the text of a pack.json to a pack that makes sense, or to what is wrong with it. */
#include <math.h>
#include <string.h>

#include "base/json.h"

#include "face/pack.h"
#include "face/pack_form.h"

enum { SHA_CHARS = 64, TOLD_MAX = 5 };

/* What each role and adapter asks of the input; 0: any size. */
struct adapter {
    const char *name;
    enum face_net net;
    int64_t width, height, multiple;
    bool grey;
};

static const struct adapter adapters[] = {
    [ADAPTER_ULTRAFACE] = {"ultraface", NET_DETECT, 0, 0, 1, false},
    [ADAPTER_SCRFD] = {"scrfd", NET_DETECT, 0, 0, 32, false},
    [ADAPTER_IBUG68] = {"ibug68", NET_LANDMARK, 64, 64, 1, true},
    [ADAPTER_EMBEDDING] = {"embedding", NET_FEATURE, ALIGNED_SIDE, ALIGNED_SIDE, 1, false},
    [ADAPTER_EYE_STATE] = {"eye_state", NET_EYE, 24, 24, 1, true},
    [ADAPTER_MINIFASNET] = {"minifasnet", NET_LIVENESS, 128, 128, 1, false},
};

const char *pack_role(enum face_net id)
{
    static const char *const names[NET_COUNT] = {
        [NET_DETECT] = "detect", [NET_LANDMARK] = "landmark",         [NET_FEATURE] = "embed",
        [NET_EYE] = "eye",       [NET_LIVENESS] = "passive_liveness",
    };

    return id < NET_COUNT ? names[id] : "unknown";
}

static bool is_made_of(struct str s, const char *others)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!good && (!c || !strchr(others, c)))
            return false;
    }
    return s.len > 0;
}

bool pack_id_is_valid(struct str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (id.at[i] >= 'A' && id.at[i] <= 'Z')
            return false;
    return is_made_of(id, "._-") && id.len <= PACK_ID_MAX && id.at[0] != '.';
}

bool pack_is_builtin(struct str id)
{
    return !id.len || str_is(id, PACK_DEFAULT);
}

/* A plain name: it cannot lead out of the folder. */
static bool file_is_valid(struct str file)
{
    return is_made_of(file, "._-") && file.at[0] != '.';
}

static bool sha256_is_valid(struct str s)
{
    if (s.len != SHA_CHARS)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("0123456789abcdef", s.at[i]))
            return false;
    return true;
}

#define BAD(ctx_, ...) fail(ctx_, ERR_MODELS_UNAVAILABLE, PACK_FILE ": " __VA_ARGS__)

/* All that json_bind found, in one line. */
static enum err told(struct ctx *ctx)
{
    cleanup(buf_finish) struct buf b = BUF(4096);
    size_t n = 0;

    for (const struct field_error *f = ctx->fault.fields; f && n < TOLD_MAX; f = f->next, n++)
        buf_printf(&b, "%s%.*s %.*s", n ? "; " : "", (int)f->pointer.len, f->pointer.at,
                   (int)f->detail.len, f->detail.at);
    if (!n)
        buf_str(&b, ctx->fault.detail);
    struct str all = arena_str(&ctx->arena, buf_view(&b));
    fault_clear(ctx);
    return BAD(ctx, "%.*s", (int)all.len, all.at);
}

/* The adapter's word about the input's form; NULL: it is well. */
static const char *wrong_form(const struct adapter *a, const struct input_form *in)
{
    if (a->width && (in->width != a->width || in->height != a->height))
        return a->width == ALIGNED_SIDE ? "112 x 112 pixels"
               : a->width == 128        ? "128 x 128 pixels"
               : a->width == 64         ? "64 x 64 pixels"
                                        : "24 x 24 pixels";
    if (in->width % a->multiple || in->height % a->multiple)
        return "multiples of 32 pixels";
    if (str_is(in->channels, "grey") != a->grey)
        return a->grey ? "channels \"grey\"" : "channels \"rgb\" or \"bgr\"";
    return NULL;
}

static enum err read_input(struct ctx *ctx, size_t i, const struct model_form *m,
                           struct pack_net *net)
{
    const struct adapter *a = &adapters[net->adapter];
    const struct input_form *in = m->input.at;
    const char *wrong = wrong_form(a, in);

    net->width = in->width;
    net->height = in->height;
    net->channels = a->grey                       ? CHANNELS_GREY
                    : str_is(in->channels, "bgr") ? CHANNELS_BGR
                                                  : CHANNELS_RGB;
    net->mean = in->mean;
    net->std = in->std;
    /* Its recipe is fixed: face/passive.c. */
    if (net->adapter == ADAPTER_MINIFASNET &&
        (net->channels != CHANNELS_BGR || net->mean != 0 || net->std != 1))
        wrong = "bgr, mean 0, std 1";
    if (wrong)
        return BAD(ctx, "/models/%zu/input: adapter \"%s\" takes %s", i, a->name, wrong);
    if (!(in->std > 1e-3))
        return BAD(ctx, "/models/%zu/input/std must be more than 0: it divides", i);
    return ERR_OK;
}

static bool is_set(struct opt_f64 v)
{
    return v.set && !v.null;
}

static enum err read_decoding(struct ctx *ctx, size_t i, const struct model_form *m,
                              enum face_net id, struct pack_net *net)
{
    bool score = is_set(m->min_score), iou = is_set(m->max_iou);
    bool scores = m->scores.set && !m->scores.null;

    if (scores && net->adapter != ADAPTER_SCRFD)
        return BAD(ctx, "/models/%zu: scores belongs to adapter \"scrfd\" only", i);
    net->logits = scores && str_is(m->scores.v, "logits");
    if (id != NET_DETECT && (score || iou))
        return BAD(ctx, "/models/%zu: min_score and max_iou belong to the detector only", i);
    if (id != NET_DETECT)
        return ERR_OK;
    if (!score || !iou || m->min_score.v < 0.05 || m->max_iou.v < 0.05)
        return BAD(ctx, "/models/%zu: a detector needs min_score and max_iou, at least 0.05", i);
    net->min_score = m->min_score.v;
    net->max_iou = m->max_iou.v;
    return ERR_OK;
}

static enum err find_adapter(struct ctx *ctx, size_t i, const struct model_form *m,
                             enum pack_adapter *ret)
{
    for (size_t k = 0; k < COUNT(adapters); k++) {
        if (!str_is(m->adapter, adapters[k].name))
            continue;
        if (!str_is(m->role, pack_role(adapters[k].net)))
            return BAD(ctx, "/models/%zu/adapter: \"%s\" is for role \"%s\"", i, adapters[k].name,
                       pack_role(adapters[k].net));
        *ret = (enum pack_adapter)k;
        return ERR_OK;
    }
    return BAD(ctx,
               "/models/%zu/adapter \"%.*s\" is not known; known are ultraface, scrfd, ibug68, "
               "embedding, eye_state, minifasnet",
               i, (int)m->adapter.len, m->adapter.at);
}

static enum err read_model(struct ctx *ctx, size_t i, const struct model_form *m, bool derived,
                           struct pack *p)
{
    enum pack_adapter adapter = ADAPTER_ULTRAFACE;
    enum err e = find_adapter(ctx, i, m, &adapter);

    if (e)
        return e;
    enum face_net id = adapters[adapter].net;
    struct pack_net *net = &p->nets[id];
    if (net->used)
        return BAD(ctx, "/models/%zu: there are two models for role \"%s\"", i, pack_role(id));
    if (!file_is_valid(m->file))
        return BAD(ctx,
                   "/models/%zu/file must be the plain name of a file in the pack's folder: "
                   "letters, digits, dot, dash, underscore",
                   i);
    if (!m->sha256.n && !derived)
        return BAD(ctx, "/models/%zu/sha256 needs at least one checksum", i);
    for (size_t k = 0; k < m->sha256.n; k++)
        if (!sha256_is_valid(m->sha256.at[k]))
            return BAD(ctx, "/models/%zu/sha256/%zu must be 64 lower-case hex digits", i, k);
    *net = (struct pack_net){
        .used = true,
        .file = m->file,
        .licence = m->licence,
        .source = m->source,
        .sha256 = m->sha256,
        .adapter = adapter,
    };
    e = read_input(ctx, i, m, net);
    return e ? e : read_decoding(ctx, i, m, id, net);
}

/* Which roles must be there, and which need each other. */
static enum err check_roles(struct ctx *ctx, const struct pack *p)
{
    const struct pack_net *n = p->nets;

    if (!n[NET_DETECT].used || !n[NET_FEATURE].used)
        return BAD(ctx, "/models: no model for role \"%s\"",
                   n[NET_DETECT].used ? pack_role(NET_FEATURE) : pack_role(NET_DETECT));
    if (n[NET_DETECT].adapter != ADAPTER_SCRFD && !n[NET_LANDMARK].used)
        return BAD(ctx,
                   "/models: no model for role \"landmark\", which this detector needs: it gives "
                   "no points");
    if (n[NET_EYE].used && !n[NET_LANDMARK].used)
        return BAD(ctx, "/models: role \"eye\" needs a model for role \"landmark\"");
    return ERR_OK;
}

static enum err read_embedding(struct ctx *ctx, const struct pack_form *form, struct pack *p)
{
    const struct embedding_form *f = form->embedding.at;
    const struct point_form *points = f->template.at;
    struct affine map;

    if (f->dimension != FACE_DIM)
        return BAD(ctx, "/embedding/dimension is %lld; this program compares embeddings of %d",
                   (long long)f->dimension, FACE_DIM);
    if (f->model.set && !f->model.null)
        p->model = f->model.v;
    if (p->model.len && !is_made_of(p->model, "._-/@+"))
        return BAD(ctx, "/embedding/model takes letters, digits and . _ - / @ +");
    for (size_t i = 0; i < COUNT(p->template); i++)
        p->template[i] = (struct point){points[i].x, points[i].y};
    if (!align_map(p->template, p->template, &map))
        return BAD(ctx, "/embedding/template: the five points coincide");
    return ERR_OK;
}

static enum err read_rule(struct ctx *ctx, const struct pack_form *form, struct pack *p)
{
    const struct threshold_form *t = form->thresholds.at;

    if (t[0].persons != 1 || t[1].persons <= t[0].persons || t[2].persons <= t[1].persons)
        return BAD(ctx, "/thresholds: numbers of persons must rise, and begin with 1");
    if (t[0].threshold < 0.1 || t[1].threshold < t[0].threshold || t[2].threshold < t[1].threshold)
        return BAD(ctx, "/thresholds: thresholds must be at least 0.1 and not fall");
    p->rule = (struct face_rule){
        .one = t[0].threshold,
        .few = t[1].threshold,
        .many = t[2].threshold,
        .few_persons = (size_t)t[1].persons,
        .many_persons = (size_t)t[2].persons,
        .margin = form->min_margin,
    };
    return ERR_OK;
}

static double limit(struct opt_f64 v, double none)
{
    return is_set(v) ? v.v : none;
}

static struct face_limits read_limits(const struct limits_form *f)
{
    return (struct face_limits){
        .height_px = limit(f->height_px, -INFINITY),
        .luma_least = limit(f->luma_least, -INFINITY),
        .luma_most = limit(f->luma_most, INFINITY),
        .yaw_offset = limit(f->yaw_offset, INFINITY),
        .roll_deg = limit(f->roll_deg, INFINITY),
        .sharpness = limit(f->sharpness, -INFINITY),
        .eye_closed = limit(f->eye_closed, INFINITY),
        .cut_share = limit(f->cut_share, INFINITY),
        .norm = limit(f->norm, -INFINITY),
    };
}

static enum err read_form(struct ctx *ctx, struct str id, const struct pack_form *form,
                          bool derived, struct pack *ret)
{
    const struct model_form *models = form->models.at;
    const struct quality_form *quality = form->quality.at;
    struct pack p = {.id = id, .derived = derived};
    enum err e = ERR_OK;

    if (!str_eq(form->id, id))
        return BAD(ctx, "/id is \"%.*s\", but the folder is called \"%.*s\"", (int)form->id.len,
                   form->id.at, (int)id.len, id.at);
    for (size_t i = 0; !e && i < form->models.n; i++)
        e = read_model(ctx, i, &models[i], derived, &p);
    e = e ? e : check_roles(ctx, &p);
    e = e ? e : read_embedding(ctx, form, &p);
    e = e ? e : read_rule(ctx, form, &p);
    if (e)
        return e;
    p.limits[FACE_FOR_ENROLMENT] = read_limits(quality->enrolment.at);
    p.limits[FACE_FOR_RECOGNITION] = read_limits(quality->recognition.at);
    *ret = p;
    return ERR_OK;
}

enum err pack_parse(struct ctx *ctx, struct str id, struct str text, bool derived, struct pack *ret)
{
    struct pack_form form = {0};

    if (json_bind(ctx, &pack_form_schema, text, &form))
        return told(ctx);
    return read_form(ctx, id, &form, derived, ret);
}
