/* SPDX-License-Identifier: MIT */
/* The system's own state. Without models faces are not available, all the rest is. */
#include "system/system.h"

#include "base/json.h"
#include "base/settings.h"

#include "enrolment/template_models.h"
#include "face/face.h"
#include "system/system_store.h"

#define F(...) FIELD(struct system_status, __VA_ARGS__)
static const struct field system_fields[] = {
    F(status, "ready; degraded: faces are not available; unavailable: the database is not",
      .required = true, .one_of = ONE_OF("ready", "degraded", "unavailable")),
    F(version, "Version of the program", .required = true),
    F(database, "Engine", .required = true, .one_of = ONE_OF("sqlite", "postgresql")),
    F(database_problem, "What is wrong with the database; empty when well", .required = true),
    F(face_recognition, "Whether the school uses it", .required = true,
      .one_of = ONE_OF("off", "verify", "roster")),
    F(models_problem, "What is wrong with the models; empty when well", .required = true),
    F(eyes_problem, "Why closed eyes and blinks cannot be seen; empty when they can",
      .required = true),
    F(models, "Model files in use", .required = true, .items = &face_model_info_schema),
    F(enrolled, "Students with face templates", .required = true),
    F(enrolled_with_model, "Those of them with templates of the models in use", .required = true),
    F(uptime_s, "Seconds since start", .required = true),
};
#undef F
const struct schema system_schema = SCHEMA(system_status, system_fields);

void system_look(struct ctx *ctx, struct system_status *ret)
{
    const struct services *s = ctx->services;
    bool uses_faces = !str_is(s->settings->face_recognition, "off");
    enum err e = system_store_ping(ctx);

    *ret = (struct system_status){
        .version = STR(SP_VERSION),
        .database = str_of(system_store_engine(ctx)),
        .database_problem = e ? ctx->fault.detail : STR(""),
        .face_recognition = s->settings->face_recognition,
        .uptime_s = (clock_mono_ms() - s->started_ms) / 1000,
    };
    fault_clear(ctx);
    if (uses_faces && s->models) {
        ret->models_problem = face_models_problem(s->models);
        ret->eyes_problem = face_models_eyes_problem(s->models);
        ret->models = face_models_list(ctx, s->models);
    }
    ret->status = e ? STR("unavailable") : ret->models_problem.len ? STR("degraded") : STR("ready");
}

void system_look_closely(struct ctx *ctx, struct system_status *ret)
{
    const struct face_models *models = ctx->services->models;
    struct str model = models ? str_of(face_model_id(models)) : STR("");

    system_look(ctx, ret);
    /* Without the database there is nothing to count, and the status says so. */
    if (!ret->database_problem.len &&
        template_models_progress(ctx, model, &ret->enrolled, &ret->enrolled_with_model))
        fault_clear(ctx);
}

bool system_ready(struct ctx *ctx, struct buf *ret)
{
    struct system_status now;

    system_look(ctx, &now);
    buf_puts(ret, "{\"status\":");
    json_put_str(ret, now.status);
    buf_printf(ret, ",\"database\":{\"ok\":%s},\"models\":{\"ok\":%s",
               now.database_problem.len ? "false" : "true",
               now.models_problem.len ? "false" : "true");
    if (now.models_problem.len) {
        buf_puts(ret, ",\"detail\":");
        json_put_str(ret, now.models_problem);
    }
    buf_puts(ret, "}}");
    return !str_is(now.status, "unavailable");
}
