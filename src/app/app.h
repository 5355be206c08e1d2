/* SPDX-License-Identifier: MIT */
#pragma once
/* The running product: what is opened at start, in which order, and how a worker gets its share. */
#include "base/ctx.h"

#include "app/options.h"

struct db_pool;

struct app {
    struct options options;
    struct services services;
    struct db_pool *db;
};

/* Parts a command needs. */
enum app_parts {
    APP_DB = 1 << 0,     /* the database, as it is */
    APP_SCHEMA = 1 << 1, /* and brought up to date */
    APP_KEYS = 1 << 2,   /* token keys and the master key, made at first use */
    APP_MODELS = 1 << 3, /* runtime and models; a problem with them is no error */
    APP_HUB = 1 << 4,    /* live events */
};

/* Opens the parts and gives `ctx` its own database handle and services. */
must_check enum err app_open(struct ctx *ctx, struct app *app, enum app_parts parts);
/* Gives back what ctx and app hold; fine after a failed app_open. */
void app_close(struct ctx *ctx, struct app *app);

/* For a worker's ctx: its own handle and nets. */
void app_worker_start(struct ctx *ctx, void *arg);
void app_worker_finish(struct ctx *ctx, void *arg);

/* Runs until SIGTERM or SIGINT. `port_file`: written when ready, NULL: none. */
must_check enum err app_serve(struct ctx *ctx, struct app *app, const char *port_file);
