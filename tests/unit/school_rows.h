/* SPDX-License-Identifier: MIT */
#pragma once
/* A school of one administrator who also teaches (1), with a programme, a module and a group (1
 * each). */
#include "check.h"
#include "db/migrate.h"
#include "db_fixture.h"

/* Migrates the fixture's database and fills it; the context has those services. */
static inline struct ctx *small_school(struct db_fixture *f, const struct services *services)
{
    static const char *const rows[] = {
        "INSERT INTO account (id, email, email_norm, name, name_norm, role, password_hash,"
        " created_at, updated_at) VALUES (1, 'a@b', 'a@b', 'Ada', 'ada', 'admin', 'x', 1, 1)",
        "INSERT INTO programme (id, code, name, name_norm) VALUES (1, 'P', 'P', 'p')",
        "INSERT INTO module (id, programme_id, code, name, name_norm) VALUES (1, 1, 'M', 'M', 'm')",
        "INSERT INTO class_group (id, programme_id, code, name, name_norm)"
        " VALUES (1, 1, 'G', 'G', 'g')",
        "INSERT INTO trainer (id, account_id) VALUES (1, 1)",
    };
    struct ctx *ctx = &f->ctx;
    int64_t n;

    ctx->services = services;
    assert_int_equal(migrate_upgrade(ctx, migrations_embedded(ctx), 0, &n), ERR_OK);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(db_exec(ctx, rows[i], ARGS()), ERR_OK);
    return ctx;
}
