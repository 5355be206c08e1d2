/* SPDX-License-Identifier: MIT */
/* Every option there is: one row each. Nobody else reads the environment. */
#include "app/options.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

#define F(...) FIELD(struct settings, __VA_ARGS__)
static const struct field settings_fields[] = {
    F(data_dir, "Folder of the database, keys and logs. Default: the user's data folder.",
      .fallback = ""),
    F(cache_dir, "Folder with runtime and models. Default: the user's cache folder.",
      .fallback = ""),
    F(database_url, "`sqlite:PATH` or `postgres://…`. Default: SQLite in the data folder.",
      .fallback = "", .secret = true),
    F(models_dir, "Folder of the model files. Default: `models` in the cache folder.",
      .fallback = ""),
    F(packs_dir, "Folder of model packs that you bring. Default: `packs` in the data folder.",
      .fallback = ""),
    F(pack, "Model pack in use. Default: what `face models use` chose, else `default`.", .max = 64,
      .fallback = ""),
    F(onnxruntime, "Path of libonnxruntime.so.1. Default: in the cache folder.", .fallback = ""),
    F(master_key_file,
      "File of the key that wraps the students' keys. Default: in the data folder.",
      .fallback = ""),
    F(master_key,
      "The master key itself (base64), instead of the file: for the environment. It is removed "
      "from "
      "there when it was read.",
      .max = 100, .fallback = "", .secret = true),
    F(allow_core_dumps,
      "For finding faults: core dumps and debuggers, which show keys and templates.",
      .fallback = "false"),
    F(token_keys_file, "File of the keys that sign access tokens. Default: in the data folder.",
      .fallback = ""),
    F(signing_keys_file,
      "File of the key that signs certificates of deletion. Default: in the data folder.",
      .fallback = ""),
    F(http_address, "Address to listen on; `::` is every address.", .fallback = "127.0.0.1"),
    F(http_port, "Port to listen on; 0 takes any free one.", .max = 65535, .fallback = "8000"),
    F(public_url, "How browsers reach the server, when that is not the address itself.",
      .fallback = ""),
    F(tls_cert, "Certificate chain (PEM); with it and the key the server speaks TLS.",
      .fallback = ""),
    F(tls_key, "Private key of the certificate (PEM).", .fallback = ""),
    F(cors_origins, "Other web origins that may call the API.", .max = 50, .fallback = ""),
    F(trusted_proxies, "Proxies whose `X-Forwarded-For` and `-Proto` are believed.", .max = 50,
      .fallback = ""),
    F(workers, "Threads that answer requests; 0 is one per core.", .max = 256, .fallback = "0"),
    F(io_threads, "Threads that move bytes.", .min = 1, .max = 64, .fallback = "2"),
    F(queue_max, "Requests that may wait for a worker before 503.", .min = 1, .max = 100000,
      .fallback = "256"),
    F(connections_max, "Connections at once.", .min = 10, .max = 100000, .fallback = "2000"),
    F(connections_per_address, "Connections at once from one address.", .min = 1, .max = 100000,
      .fallback = "1024"),
    F(rate_per_minute, "Requests a minute per caller.", .min = 1, .max = 100000000,
      .fallback = "1200"),
    F(database_timeout_ms, "How long a statement may run or wait for its turn.", .min = 100,
      .max = 600000, .fallback = "5000"),
    F(stop_grace_ms, "How long running requests may take to finish at stop.", .max = 600000,
      .fallback = "10000"),
    F(migrate_on_start, "Bring the database up to date when the server starts.",
      .fallback = "true"),
    F(log_level, "Least level written.", .one_of = ONE_OF("debug", "info", "warn", "error"),
      .fallback = "info"),
    F(log_format, "Form of a line.", .one_of = ONE_OF("logfmt", "json"), .fallback = "logfmt"),
    F(strict_errors, "For tests: an error that its route does not declare ends the program.",
      .fallback = "false"),
    F(school_name, "Shown in the interface.", .max = 200, .fallback = "SmartPresence"),
    F(face_recognition,
      "`off`: no face is ever looked at. `verify`: a student's own templates only (1:1). "
      "`roster`: also within a session's students.",
      .one_of = ONE_OF("off", "verify", "roster"), .fallback = "off"),
    F(time_zone, "IANA zone of the school.", .max = 64, .fallback = "UTC"),
    F(open_before_min, "Check-in opens so many minutes before the start.", .max = 720,
      .fallback = "15"),
    F(late_after_min, "Late after so many minutes.", .max = 720, .fallback = "10"),
    F(absent_after_min, "No longer late but absent after so many minutes.", .min = 1, .max = 720,
      .fallback = "30"),
    F(template_months, "Months after which face templates are to be renewed.", .min = 1, .max = 120,
      .fallback = "12"),
    F(template_months_minor, "The same for students under 16.", .min = 1, .max = 120,
      .fallback = "6"),
    F(adult_age, "Age of majority: younger students need a guardian's signature.", .min = 10,
      .max = 30, .fallback = "18"),
    F(import_keep_hours, "Hours that uploaded photos wait to be run before they are deleted.",
      .min = 1, .max = 720, .fallback = "24"),
    F(afternoon_min,
      "The second half of a school's day begins so many minutes after midnight: half-days.",
      .min = 1, .max = 1439, .fallback = "780"),
    F(term_days, "Reports and alerts look so many days back, unless asked otherwise.", .min = 7,
      .max = 400, .fallback = "120"),
    F(alert_min_sessions, "The ladder of absences is asked after so many counted sessions.",
      .min = 1, .max = 200, .fallback = "5"),
    F(liveness_seconds, "Seconds that a check-in by one's own face may take.", .min = 20,
      .max = 300, .fallback = "60"),
    F(liveness_attempts, "Check-ins by one's own face that a student may begin in 5 minutes.",
      .min = 1, .max = 100, .fallback = "6"),
    F(crops_hours, "Hours that faces cut out of a class photo wait for its confirmation.", .min = 1,
      .max = 24, .fallback = "24"),
    F(dispute_days, "Days after a session within which a student may dispute the own mark.",
      .max = 365, .fallback = "14"),
    F(justify_days, "Days after an absence within which its justification is in time.", .max = 365,
      .fallback = "7"),
    F(info_days, "Days to answer a question about a justification before it is rejected.", .min = 1,
      .max = 90, .fallback = "7"),
    F(keep_documents_days, "Days that papers stay after their justification was decided.", .min = 1,
      .max = 3650, .fallback = "365"),
    F(keep_verification_days, "Days that decisions about faces stay in the verification log.",
      .min = 1, .max = 3650, .fallback = "90"),
    F(keep_signals_days, "Days that signals stay after they were judged or were last news.",
      .min = 1, .max = 3650, .fallback = "365"),
    F(keep_offline_days,
      "Days that it is known what became of an offline event; older ones are not taken any more.",
      .min = 30, .max = 3650, .fallback = "400"),
    F(keep_templates_days, "Days that face templates stay after a student has left.", .max = 3650,
      .fallback = "30"),
    F(access_token_min, "Minutes an access token lives.", .min = 1, .max = 60, .fallback = "15"),
    F(refresh_token_days, "Days a login lives.", .min = 1, .max = 365, .fallback = "30"),
    F(password_hashers, "Passwords hashed at once, 19 MiB and a core each.", .min = 1, .max = 64,
      .fallback = "1"),
    F(admin_email, "For `create-admin`: e-mail of the first administrator.", .max = 254,
      .fallback = ""),
    F(admin_name, "For `create-admin`: name of the first administrator.", .max = 200,
      .fallback = ""),
    F(admin_password, "For `create-admin`: password, where no terminal asks for it.", .max = 200,
      .fallback = "", .secret = true),
};
#undef F
const struct schema settings_schema = SCHEMA(settings, settings_fields);

static struct str env(const char *name)
{
    return str_of(getenv(name));
}

/* Services and containers may be started without HOME; the scripts find it the same way. */
static struct str home(struct ctx *ctx)
{
    struct str named = env("HOME");
    char text[4096];
    struct passwd entry;
    struct passwd *found = NULL;

    if (named.len || getpwuid_r(getuid(), &entry, text, sizeof(text), &found) || !found)
        return named;
    return arena_str(&ctx->arena, str_of(found->pw_dir));
}

static struct str home_folder(struct ctx *ctx, const char *xdg, const char *under_home)
{
    struct str base = env(xdg);

    if (base.len)
        return arena_printf(&ctx->arena, "%s/smartpresence", base.at);
    return arena_printf(&ctx->arena, "%s%s/smartpresence", home(ctx).at, under_home);
}

static void default_path(struct ctx *ctx, struct str *option, struct str dir, const char *name)
{
    if (!option->len)
        *option = str_of(fs_join(ctx, arena_cstr(&ctx->arena, dir), name));
}

/* What systemd's LoadCredential= brings; it and the other sources exclude each other. */
static struct str credential(struct ctx *ctx)
{
    struct str folder = env("CREDENTIALS_DIRECTORY");
    const char *path = folder.len ? fs_join(ctx, folder.at, "smartpresence.master_key") : "";

    return fs_exists(path) ? str_of(path) : STR("");
}

/* The process's own environment can be read by its owner as long as it runs. */
static void forget_key(void)
{
    static const char name[] = "SP_MASTER_KEY=";

    for (char **at = environ; at && *at; at++)
        if (str_starts(str_of(*at), name))
            secret_wipe(*at + strlen(name), strlen(*at + strlen(name)));
    unsetenv("SP_MASTER_KEY");
}

static enum err find_key(struct ctx *ctx, struct settings *s)
{
    s->master_key_credential = credential(ctx);
    forget_key();
    if ((s->master_key.len > 0) + (s->master_key_credential.len > 0) +
            (s->master_key_file.len > 0) >
        1)
        return fail_field(ctx, "master_key", "one_of", "",
                          "comes from one place: master_key, master_key_file or systemd's "
                          "credential, not from several");
    return ERR_OK;
}

static void derive(struct ctx *ctx, struct settings *s)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (!s->data_dir.len)
        s->data_dir = home_folder(ctx, "XDG_DATA_HOME", "/.local/share");
    if (!s->cache_dir.len)
        s->cache_dir = home_folder(ctx, "XDG_CACHE_HOME", "/.cache");
    default_path(ctx, &s->models_dir, s->cache_dir, "models");
    default_path(ctx, &s->packs_dir, s->data_dir, "packs");
    default_path(ctx, &s->onnxruntime, s->cache_dir, "onnxruntime/libonnxruntime.so.1");
    default_path(ctx, &s->master_key_file, s->data_dir, "master.key");
    default_path(ctx, &s->token_keys_file, s->data_dir, "token.keys");
    default_path(ctx, &s->signing_keys_file, s->data_dir, "signing.keys");
    if (!s->database_url.len)
        s->database_url = arena_printf(&ctx->arena, "sqlite:%s/smartpresence.db", s->data_dir.at);
    if (!s->workers)
        s->workers = cores > 0 ? cores : 1;
}

static enum err check(struct ctx *ctx, const struct settings *s)
{
    enum err e = ERR_OK;

    if ((s->tls_cert.len == 0) != (s->tls_key.len == 0))
        e = fail_field(ctx, s->tls_cert.len ? "tls_key" : "tls_cert", "required", "",
                       "certificate and key go together");
    if (s->absent_after_min <= s->late_after_min)
        e = fail_field(ctx, "absent_after_min", "min", "", "must be more than late_after_min");
    return e;
}

enum err options_load(struct ctx *ctx, const char *file, char *const *flags, struct options *ret)
{
    struct config_sources from = {
        .file = file, .dotenv = ".env", .environment = environ, .args = flags};
    enum err e;

    ret->origin = ARENA_NEW_N(&ctx->arena, const char *, settings_schema.n);
    e = config_load(ctx, &settings_schema, &from, &ret->settings, ret->origin);
    e = e ? e : find_key(ctx, &ret->settings);
    if (e)
        return e;
    derive(ctx, &ret->settings);
    return check(ctx, &ret->settings);
}
