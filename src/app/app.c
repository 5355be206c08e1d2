/* SPDX-License-Identifier: MIT */
/* Opening and closing the parts of the product. */
#include "app/app.h"

#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"

#include "attendance/attendance.h"
#include "auth/password.h"
#include "auth/token.h"
#include "db/migrate.h"
#include "enrolment/enrolment.h"
#include "enrolment/signing.h"
#include "enrolment/vault.h"
#include "face/face.h"
#include "realtime/hub.h"

static enum err open_db(struct ctx *ctx, struct app *app)
{
    const struct settings *s = &app->options.settings;
    struct db_options o = {
        .url = s->database_url.at,
        .handles = (size_t)s->workers + 2,
        .timeout_ms = s->database_timeout_ms,
    };
    enum err e = fs_mkdir(ctx, s->data_dir.at);

    e = e ? e : db_pool_open(ctx, &o, &app->db);
    if (!e)
        ctx->db = db_handle_create(app->db);
    return e;
}

static enum err open_schema(struct ctx *ctx)
{
    int64_t n = 0;
    enum err e = migrate_upgrade(ctx, migrations_embedded(ctx), 0, &n);

    if (!e && n)
        log_info(ctx, "database.migrated", LI("migrations", n));
    return e;
}

/* The key that is given itself, or by systemd; NULL in *ret: in our file. */
static enum err open_given_key(struct ctx *ctx, struct settings *s, struct vault **ret)
{
    cleanup(buf_finish) struct buf text = {0};
    const char *path = s->master_key_credential.at;
    enum err e;

    if (s->master_key.len) {
        e = vault_open_text(ctx, s->master_key, STR(""), "master_key", ret);
        secret_wipe((char *)(uintptr_t)s->master_key.at, s->master_key.len);
        return e;
    }
    if (!s->master_key_credential.len)
        return ERR_OK;
    e = fs_read(ctx, path, 1024, &text);
    e = e ? e : vault_open_text(ctx, buf_view(&text), STR(""), path, ret);
    if (text.at)
        secret_wipe(text.at, text.len);
    return e;
}

/* A missing master key is made anew, but never beside templates that only the old one opens. */
static enum err open_vault(struct ctx *ctx, struct app *app)
{
    struct settings *s = &app->options.settings;
    const char *path = s->master_key_file.at;
    bool uses_faces = ctx->db && !str_is(s->face_recognition, "off");
    enum err e = open_given_key(ctx, s, &app->services.vault);

    if (!e && app->services.vault && fs_exists(path))
        e = fail(ctx, ERR_INVALID,
                 "a master key is given and %s holds one too: which is right? Remove the other",
                 path);
    if (!e && !app->services.vault) {
        e = uses_faces && !fs_exists(path) ? enrolment_check_key(ctx, path) : ERR_OK;
        e = e ? e : vault_open(ctx, path, &app->services.vault);
    }
    return e || !uses_faces ? e : enrolment_check_key(ctx, path);
}

static void warn_of_exposed(struct ctx *ctx, const char *file)
{
    struct fs_exposure x = fs_exposure(ctx, file);

    if (x.problem)
        log_warn(ctx, "key.exposed", LC("file", file), LC("problem", x.problem),
                 LC("mend", x.mend));
}

static enum err open_keys(struct ctx *ctx, struct app *app)
{
    const struct settings *s = &app->options.settings;
    enum err e = fs_mkdir(ctx, s->data_dir.at);

    auth_password_setup(s->password_hashers);
    e = e ? e : auth_keys_open(ctx, s->token_keys_file.at, &app->services.auth_keys);
    e = e ? e : signing_ensure(ctx, s->signing_keys_file.at);
    e = e ? e : open_vault(ctx, app);
    warn_of_exposed(ctx, s->master_key_file.at);
    warn_of_exposed(ctx, s->token_keys_file.at);
    warn_of_exposed(ctx, s->signing_keys_file.at);
    return e;
}

static void open_models(struct ctx *ctx, struct app *app)
{
    const struct settings *s = &app->options.settings;

    app->services.models = face_models_open_chosen(ctx, s);
    ctx->face = face_create(app->services.models);
    if (face_models_problem(app->services.models).len)
        log_warn(ctx, "face.unavailable", LS("reason", face_models_problem(app->services.models)));
}

enum err app_open(struct ctx *ctx, struct app *app, enum app_parts parts)
{
    enum err e = ERR_OK;

    app->services.settings = &app->options.settings;
    app->services.started_ms = clock_mono_ms();
    app->services.session_watch = &attendance_watch;
    ctx->services = &app->services;
    if (parts & APP_DB)
        e = open_db(ctx, app);
    if (!e && (parts & APP_SCHEMA))
        e = open_schema(ctx);
    if (!e && (parts & APP_KEYS))
        e = open_keys(ctx, app);
    if (!e && (parts & APP_MODELS))
        open_models(ctx, app);
    if (!e && (parts & APP_HUB))
        app->services.hub = hub_create(0);
    return e;
}

void app_close(struct ctx *ctx, struct app *app)
{
    face_destroy(ctx->face);
    face_models_close(app->services.models);
    hub_destroy(app->services.hub);
    vault_close(app->services.vault);
    auth_keys_close(app->services.auth_keys);
    db_handle_destroy(ctx->db);
    db_pool_close(app->db);
    ctx->face = NULL;
    ctx->db = NULL;
    ctx->services = NULL;
    memset(&app->services, 0, sizeof(app->services));
    app->db = NULL;
}

void app_worker_start(struct ctx *ctx, void *arg)
{
    struct app *app = arg;

    ctx->services = &app->services;
    ctx->db = db_handle_create(app->db);
    if (app->services.models)
        ctx->face = face_create(app->services.models);
}

void app_worker_finish(struct ctx *ctx, void *arg)
{
    (void)arg;
    face_destroy(ctx->face);
    db_handle_destroy(ctx->db);
    ctx->face = NULL;
    ctx->db = NULL;
}
