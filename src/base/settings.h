/* SPDX-License-Identifier: MIT */
#pragma once
/* The product's options, read once at start. Their table, bounds and texts: app/options.c. */
#include "base/schema.h"

struct settings {
    /* where things are */
    struct str data_dir;
    struct str cache_dir; /* what scripts/fetch-models.sh fills */
    struct str database_url;
    struct str models_dir;
    struct str packs_dir; /* folders of models that the school brings */
    struct str pack;      /* the one in use; empty: what `face models use` chose */
    struct str onnxruntime;
    struct str master_key_file;
    struct str master_key;            /* the key itself, wiped once it is read */
    struct str master_key_credential; /* path of systemd's, no option of its own; empty: none */
    bool allow_core_dumps;
    struct str token_keys_file;
    struct str signing_keys_file;

    /* the server */
    struct str http_address;
    int64_t http_port;
    struct str public_url;
    struct str tls_cert, tls_key;
    struct strs cors_origins;
    struct strs trusted_proxies;
    int64_t workers; /* 0: one per core */
    int64_t io_threads;
    int64_t queue_max;
    int64_t connections_max, connections_per_address;
    int64_t rate_per_minute;
    int64_t database_timeout_ms;
    int64_t stop_grace_ms;
    bool migrate_on_start;
    struct str log_level, log_format;
    bool strict_errors; /* tests: undeclared errors end the program */

    /* the school */
    struct str school_name;
    struct str face_recognition; /* "off", "verify" or "roster" */
    struct str time_zone;
    int64_t crops_hours;  /* of the faces in a class photo */
    int64_t dispute_days; /* after a session, for students to dispute their mark */
    int64_t open_before_min, late_after_min, absent_after_min;
    int64_t afternoon_min;      /* minutes after midnight: the second half of a day begins */
    int64_t term_days;          /* reports and alerts look so far back */
    int64_t alert_min_sessions; /* before the ladder of absences is asked */
    int64_t liveness_seconds, liveness_attempts;
    int64_t template_months, template_months_minor; /* then templates are to be renewed */
    int64_t adult_age;                              /* years */
    int64_t import_keep_hours;                      /* of photos that nobody runs */

    int64_t justify_days, info_days; /* for papers on an absence; for an answer to a question */
    int64_t keep_documents_days;     /* after the decision */

    int64_t keep_verification_days, keep_templates_days, keep_signals_days;
    int64_t keep_offline_days; /* outcomes of offline events; older ones are not taken */

    /* accounts */
    int64_t access_token_min, refresh_token_days;
    int64_t password_hashers;                           /* how many argon2id at once */
    struct str admin_email, admin_name, admin_password; /* for create-admin */
};
