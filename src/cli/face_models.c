/* SPDX-License-Identifier: MIT */
/* `smartpresence face models list | verify | use | prune`: which nets recognise faces. */
#include <stdio.h>
#include <string.h>

#include "base/fs.h"

#include "cli/cmd_face.h"
#include "enrolment/template_models.h"
#include "face/pack_admin.h"

struct models_out {
    struct str pack, model_id, problem, eyes_problem;
    bool ready;
    struct list models, packs;
    struct str templates_problem; /* why nothing is known of them */
    int64_t enrolled, enrolled_with_model;
    struct list templates;
};

#define F(...) FIELD(struct models_out, __VA_ARGS__)
static const struct field models_fields[] = {
    F(pack, "The pack in use"),
    F(model_id, "Stored with every template"),
    F(ready, "Whether faces can be recognised"),
    F(problem, "What is missing and how to mend it"),
    F(eyes_problem, "Why closed eyes and blinks cannot be seen; empty: they can"),
    F(models, "The runtime and the models", .items = &face_model_info_schema),
    F(packs, "All packs", .items = &face_pack_info_schema),
    F(templates_problem, "Why nothing is known of the templates; empty: it is"),
    F(enrolled, "Students with templates"),
    F(enrolled_with_model, "Those of them with templates of the model in use"),
    F(templates, "By model", .items = &template_model_schema),
};
#undef F
static const struct schema models_schema = SCHEMA_NAMED("models", models_out, models_fields);

/* Opening an SQLite database would make it: there must be one. */
static bool has_database(struct cli *cli)
{
    struct str url = cli->app->options.settings.database_url;

    return !str_starts(url, "sqlite:") || fs_exists(url.at + strlen("sqlite:"));
}

/* With the database open; the nets of ctx are put aside, since app_close would close them. */
static enum err with_database(struct cli *cli, enum err (*work)(struct ctx *, void *), void *arg)
{
    struct ctx *ctx = cli->ctx;
    struct face *face = ctx->face;
    enum err e;

    if (!has_database(cli))
        return fail(ctx, ERR_NOT_FOUND, "there is no database yet");
    ctx->face = NULL;
    e = app_open(ctx, cli->app, APP_DB);
    e = e ? e : work(ctx, arg);
    app_close(ctx, cli->app);
    ctx->face = face;
    return e;
}

static enum err count_templates(struct ctx *ctx, void *arg)
{
    struct models_out *out = arg;
    enum err e = template_models(ctx, &out->templates);

    return e ? e
             : template_models_progress(ctx, out->model_id, &out->enrolled,
                                        &out->enrolled_with_model);
}

static void print_files(const struct models_out *out)
{
    const struct face_model_info *all = out->models.at;

    for (size_t i = 0; i < out->models.n; i++)
        printf("%-16s %-20s %-4s %s\n                 sha256 %s\n%s%s%s", all[i].role.at,
               all[i].file.at, all[i].licence.at, all[i].source.at,
               all[i].sha256.len ? all[i].sha256.at : "none",
               all[i].problem.len ? "                 " : "",
               all[i].problem.len ? all[i].problem.at : "", all[i].problem.len ? "\n" : "");
    printf("embedding model id: %s\n%s\n", out->model_id.at,
           out->ready ? "all well" : "faces cannot be recognised");
    if (!out->ready)
        printf("%.*s\n", (int)out->problem.len, out->problem.at);
    else if (out->eyes_problem.len)
        printf("note: %.*s\n", (int)out->eyes_problem.len, out->eyes_problem.at);
}

static void print_packs(const struct models_out *out)
{
    const struct face_pack_info *packs = out->packs.at;

    puts("\npacks:");
    for (size_t i = 0; i < out->packs.n; i++)
        printf("%c %-20.*s %.*s\n", packs[i].in_use ? '*' : ' ', (int)packs[i].id.len,
               packs[i].id.at, (int)packs[i].problem.len,
               packs[i].problem.len ? packs[i].problem.at : "");
}

static void print_templates(const struct models_out *out)
{
    const struct template_model *t = out->templates.at;

    puts("\ntemplates:");
    if (out->templates_problem.len) {
        printf("  unknown: %.*s\n", (int)out->templates_problem.len, out->templates_problem.at);
        return;
    }
    for (size_t i = 0; i < out->templates.n; i++)
        printf("%c %.*s: %lld students, %lld templates\n",
               str_eq(t[i].model, out->model_id) ? '*' : ' ', (int)t[i].model.len, t[i].model.at,
               (long long)t[i].students, (long long)t[i].templates);
    printf("  %lld of %lld enrolled students have templates of the model in use\n",
           (long long)out->enrolled_with_model, (long long)out->enrolled);
}

static enum err list(struct cli *cli, const struct face_args *args, const struct face_sources *from)
{
    struct ctx *ctx = cli->ctx;
    struct face_models *m = face_models_open_pack(ctx, from);
    struct models_out out = {
        .pack = str_of(face_pack_id(m)),
        .model_id = str_of(face_model_id(m)),
        .problem = face_models_problem(m),
        .eyes_problem = face_models_eyes_problem(m),
        .models = face_models_list(ctx, m),
        .packs = face_packs(ctx, from),
    };
    enum err e = with_database(cli, count_templates, &out);

    if (e) {
        out.templates_problem = ctx->fault.detail;
        fault_clear(ctx);
    }
    out.ready = !out.problem.len;
    e = ERR_OK;
    if (args->json) {
        e = face_cli_print_json(ctx, &models_schema, &out);
    } else {
        print_files(&out);
        print_packs(&out);
        print_templates(&out);
    }
    face_models_close(m);
    return e;
}

static enum err verify(struct ctx *ctx, struct face_sources from, const char *pack)
{
    struct str id;

    if (pack)
        from.pack = pack;
    enum err e = face_pack_verify(ctx, &from, &id);
    if (!e)
        printf("pack %s is well; embedding model id: %s\n", from.pack[0] ? from.pack : "default",
               id.at);
    return e;
}

static enum err use(struct cli *cli, struct face_sources from, const char *pack)
{
    struct ctx *ctx = cli->ctx;
    const struct settings *s = &cli->app->options.settings;
    struct str id;
    bool recorded = false;
    enum err e = ERR_OK;

    if (s->pack.len && !str_is(s->pack, pack))
        return fail(ctx, ERR_CONFLICT,
                    "the option pack is set to \"%.*s\" and wins over this choice; remove it from "
                    "the configuration (see: smartpresence config show)",
                    (int)s->pack.len, s->pack.at);
    from.pack = pack;
    e = fs_mkdir(ctx, arena_cstr(&ctx->arena, s->data_dir));
    e = e ? e : face_pack_use(ctx, &from, face_pack_choice_path(ctx, s), &id, &recorded);
    if (e)
        return e;
    if (recorded)
        printf("checksums of its files are recorded in %s/%s/pack.json\n", from.packs_dir, pack);
    printf(
        "pack %s is in use from the server's next start; embedding model id: %s\n"
        "Templates of other models stay, and are not compared: enrol everybody anew. How far "
        "that is:\n"
        "smartpresence face models list\n",
        pack, id.at);
    return ERR_OK;
}

struct pruning {
    struct str model;
    int64_t n;
};

static enum err prune_work(struct ctx *ctx, void *arg)
{
    struct pruning *p = arg;

    return template_models_prune(ctx, p->model, &p->n);
}

static enum err prune(struct cli *cli, const struct face_args *args,
                      const struct face_sources *from)
{
    struct ctx *ctx = cli->ctx;
    struct pruning p = {.model = str_of(args->files[1])};
    struct face_models *m = face_models_open_pack(ctx, from);
    bool in_use = str_eq(p.model, str_of(face_model_id(m)));

    face_models_close(m);
    if (in_use)
        return fail(ctx, ERR_IN_USE, "%s is the model in use: its templates are needed",
                    p.model.at);
    if (!args->yes)
        return fail(ctx, ERR_BAD_REQUEST,
                    "this deletes all templates of that model for good: say --yes");
    enum err e = with_database(cli, prune_work, &p);
    if (!e)
        printf("%lld templates deleted\n", (long long)p.n);
    return e;
}

enum err face_models_cli(struct cli *cli, const struct face_args *args,
                         const struct face_sources *from)
{
    const char *verb = args->n ? args->files[0] : "list";

    if (strcmp(verb, "list") == 0 && args->n <= 1)
        return list(cli, args, from);
    if (strcmp(verb, "verify") == 0 && args->n <= 2)
        return verify(cli->ctx, *from, args->n == 2 ? args->files[1] : NULL);
    if (strcmp(verb, "use") == 0 && args->n == 2)
        return use(cli, *from, args->files[1]);
    if (strcmp(verb, "prune") == 0 && args->n == 2)
        return prune(cli, args, from);
    return fail(cli->ctx, ERR_BAD_REQUEST,
                "say: face models list | verify [PACK] | use PACK | "
                "prune MODEL --yes");
}
