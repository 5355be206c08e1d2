/* SPDX-License-Identifier: MIT */
/* Enrols the demo students who have a portrait, by the real engine and its quality gate. */
#include <string.h>

#include "base/fs.h"
#include "base/json.h"

#include "cli/demo.h"
#include "enrolment/enrolment.h"

enum { LIST_MAX = 1 << 20, PHOTO_MAX = 16 << 20, ENROLLED_DAYS = 30 };

/* A row of portraits.json; what is not needed here is read to be known. */
struct portrait {
    struct str id, file, use;
    int64_t person, faces;
    struct opt_str name_hint, package, version, path, sha256, licence, gate, reject_reason;
    struct json size, face;
};
#define F(...) FIELD(struct portrait, __VA_ARGS__)
static const struct field portrait_fields[] = {
    F(id, "Id", .required = true, .min = 1, .max = 40),
    F(file, "File beside the list", .required = true, .min = 1, .max = 80),
    F(use, "What for", .required = true, .max = 20),
    F(person, "Who"),
    F(faces, "How many"),
    F(name_hint, "Given names"),
    F(package, "Source"),
    F(version, "Source"),
    F(path, "Source"),
    F(sha256, "Checksum"),
    F(licence, "Licence"),
    F(gate, "Quality gate"),
    F(reject_reason, "Why not"),
    F(size, "Pixels"),
    F(face, "Pixels"),
};
#undef F
static const struct schema portrait_schema = SCHEMA(portrait, portrait_fields);

struct portraits {
    struct list items;
};
static const struct field list_fields[] = {
    FIELD(struct portraits, items, "Photos", .required = true, .items = &portrait_schema),
};
static const struct schema list_schema = SCHEMA(portraits, list_fields);

static enum err read_list(struct demo *d, struct portraits *ret)
{
    cleanup(buf_finish) struct buf file = {0};
    const char *path = fs_join(d->ctx, d->portraits, "portraits.json");
    struct str text;
    enum err e = fs_read(d->ctx, path, LIST_MAX, &file);

    if (e)
        return e;
    text = arena_printf(&d->ctx->arena, "{\"items\": %.*s}", (int)file.len, file.at);
    e = json_bind(d->ctx, &list_schema, text, ret);
    if (e)
        (void)fail(d->ctx, e, "%s is no list of portraits", path);
    return e;
}

static const struct portrait *portrait_of(const struct portraits *all, const char *id)
{
    const struct portrait *p = all->items.at;

    for (size_t i = 0; i < all->items.n; i++)
        if (str_is(p[i].id, id) && str_is(p[i].use, "enrol") && !str_has(p[i].file, '/'))
            return &p[i];
    return NULL;
}

/* Not this photo: the school goes on without it. */
static bool is_refusal(enum err e)
{
    return e == ERR_FACE_QUALITY || e == ERR_IMAGE_INVALID || e == ERR_DUPLICATE_PERSON ||
           e == ERR_TOO_LARGE || e == ERR_UNSUPPORTED_MEDIA || e == ERR_NOT_FOUND;
}

static enum err enrol(struct demo *d, size_t i, const struct portrait *p)
{
    cleanup(buf_finish) struct buf photo = {0};
    const char *path = fs_join(d->ctx, d->portraits, arena_cstr(&d->ctx->arena, p->file));
    struct file file = {.name = p->file};
    struct enrolment_in in = {
        .student_id = d->students[i], .photos = {&file, 1}, .source = STR("id_photo")};
    struct enrolment out;
    enum err e = fs_read(d->ctx, path, PHOTO_MAX, &photo);

    file.data = buf_view(&photo);
    e = e ? e : enrolment_create(d->ctx, &in, &out);
    if (!e) {
        d->enrolled[i] = true;
        d->n_enrolled++;
        return ERR_OK;
    }
    if (!is_refusal(e))
        return e;
    demo_says(d, "%.*s is skipped: %s", (int)p->file.len, p->file.at, err_info(e)->title);
    for (const struct field_error *fe = d->ctx->fault.fields; fe; fe = fe->next)
        demo_says(d, "  %.*s", (int)fe->detail.len, fe->detail.at);
    fault_clear(d->ctx);
    return ERR_OK;
}

static bool may_enrol(struct demo *d, size_t i)
{
    struct consent c = {0};

    /* Whoever took the consent back meanwhile is left alone. */
    return demo_students[i].portrait && d->students[i] &&
           consent_get(d->ctx, d->students[i], &c) == ERR_OK && str_is(c.state, "given");
}

static enum err enrol_all(struct demo *d, const struct portraits *all)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < DEMO_STUDENTS; i++) {
        const struct portrait *p;

        if (!may_enrol(d, i))
            continue;
        p = portrait_of(all, demo_students[i].portrait);
        if (p)
            e = enrol(d, i, p);
        else
            demo_says(d, "%s is not in the list of portraits", demo_students[i].portrait);
    }
    return e;
}

/* Whether faces can be enrolled; says why not. */
static bool is_ready(struct demo *d)
{
    if (!d->portraits) {
        demo_says(d, "no faces: no folder with portraits is given (--portraits DIR)");
        return false;
    }
    if (enrolment_ready(d->ctx, FACE_USE_VERIFY) == ERR_OK)
        return true;
    demo_says(d, "no faces: %.*s", (int)d->ctx->fault.detail.len, d->ctx->fault.detail.at);
    if (d->ctx->fault.err == ERR_BIOMETRICS_OFF)
        demo_says(d, "  switch it on by SP_FACE_RECOGNITION=roster and run this again");
    fault_clear(d->ctx);
    return false;
}

enum err demo_add_faces(struct demo *d)
{
    struct portraits all = {0};
    enum err e;

    if (!is_ready(d))
        return ERR_OK;
    e = read_list(d, &all);
    if (e) {
        demo_says(d, "no faces: %.*s", (int)d->ctx->fault.detail.len, d->ctx->fault.detail.at);
        fault_clear(d->ctx);
        return ERR_OK;
    }
    d->faces = true;
    demo_as_admin(d, d->now - (int64_t)ENROLLED_DAYS * DEMO_DAY);
    e = enrol_all(d, &all);
    demo_as_admin(d, d->now);
    if (!e)
        demo_says(d, "%lld of %d students enrolled for face recognition", (long long)d->n_enrolled,
                  DEMO_STUDENTS);
    return e;
}
