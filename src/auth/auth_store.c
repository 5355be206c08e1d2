/* SPDX-License-Identifier: MIT */
/* Accounts, logins, refresh tokens and login delays in SQL. */
#include "auth/auth_store.h"

#include "base/fold.h"

#include "db/db.h"

#define F(...) FIELD(struct account_row, __VA_ARGS__)
static const struct field account_fields[] = {
    F(id, "Id"),
    F(email, "E-mail"),
    F(name, "Name"),
    F(password_hash, "PHC string", .secret = true, .hidden = true),
    F(active, "May sign in"),
    F(archived, "Archived"),
};
#undef F
static const struct schema account_schema = SCHEMA(account_row, account_fields);

#define F(...) FIELD(struct caller_row, __VA_ARGS__)
static const struct field caller_fields[] = {
    F(account_id, "Account"), F(login_id, "Login"),     F(role, "Role"),
    F(trainer_id, "Trainer"), F(student_id, "Student"),
};
#undef F
static const struct schema caller_schema = SCHEMA(caller_row, caller_fields);

#define F(...) FIELD(struct refresh_row, __VA_ARGS__)
static const struct field refresh_fields[] = {
    F(id, "Id"),           F(login_id, "Login"),        F(account_id, "Account"),
    F(used_at, "Used at"), F(revoked_at, "Revoked at"), F(expires_at, "Expires at"),
    F(active, "Active"),   F(archived, "Archived"),
};
#undef F
static const struct schema refresh_schema = SCHEMA(refresh_row, refresh_fields);

#define F(...) FIELD(struct delay_row, __VA_ARGS__)
static const struct field delay_fields[] = {
    F(failures, "Failures in a row"),
    F(last_at, "Last failure"),
    F(blocked_until, "Blocked until"),
};
#undef F
static const struct schema delay_schema = SCHEMA(delay_row, delay_fields);

#define ACCOUNT_COLUMNS "SELECT id, email, name, password_hash, active, archived FROM account "

enum err auth_store_account_by_email(struct ctx *ctx, struct str email_norm,
                                     struct account_row *ret)
{
    return db_one(ctx, &account_schema, ret, ACCOUNT_COLUMNS "WHERE email_norm = $1",
                  ARGS(A(email_norm)));
}

enum err auth_store_account(struct ctx *ctx, int64_t id, struct account_row *ret)
{
    return db_one(ctx, &account_schema, ret, ACCOUNT_COLUMNS "WHERE id = $1", ARGS(A(id)));
}

enum err auth_store_hold(struct ctx *ctx, const struct account_row *a, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE account SET active = 1 WHERE id = $1 AND password_hash = $2"
                     " AND active = 1 AND archived = 0",
                     ARGS(A(a->id), A(a->password_hash)), ret_n);
}

enum err auth_store_set_password(struct ctx *ctx, const struct account_row *a, struct str hash,
                                 int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE account SET password_hash = $3, updated_at = $4, version = version + 1"
                     " WHERE id = $1 AND password_hash = $2",
                     ARGS(A(a->id), A(a->password_hash), A(hash), A(ctx->now)), ret_n);
}

enum err auth_store_me(struct ctx *ctx, int64_t account_id, struct me *ret)
{
    return db_one(ctx, &me_schema, ret,
                  "SELECT a.id, a.email, a.name, a.role, a.locale, a.time_zone, a.version,"
                  " t.id AS trainer_id, s.id AS student_id"
                  " FROM account a LEFT JOIN trainer t ON t.account_id = a.id"
                  " LEFT JOIN student s ON s.account_id = a.id WHERE a.id = $1",
                  ARGS(A(account_id)));
}

enum err auth_store_me_change(struct ctx *ctx, struct opt_i64 version, const struct me_change *in,
                              int64_t *ret_n)
{
    struct opt_str norm = in->name;

    if (norm.set)
        norm.v = str_fold(&ctx->arena, in->name.v);
    return db_exec_n(ctx,
                     "UPDATE account SET name = coalesce($2, name),"
                     " name_norm = coalesce($3, name_norm), locale = coalesce($4, locale),"
                     " time_zone = coalesce($5, time_zone), updated_at = $6, version = version + 1"
                     " WHERE id = $1 AND (CAST($7 AS BIGINT) IS NULL OR version = $7)",
                     ARGS(A(ctx->actor.user_id), A(in->name), A(norm), A(in->locale),
                          A(in->time_zone), A(ctx->now), A(version)),
                     ret_n);
}

enum err auth_store_caller(struct ctx *ctx, int64_t account_id, int64_t login_id,
                           struct caller_row *ret)
{
    return db_one(ctx, &caller_schema, ret,
                  "SELECT a.id AS account_id, l.id AS login_id, a.role,"
                  " t.id AS trainer_id, s.id AS student_id"
                  " FROM login l JOIN account a ON a.id = l.account_id"
                  " LEFT JOIN trainer t ON t.account_id = a.id"
                  " LEFT JOIN student s ON s.account_id = a.id"
                  " WHERE l.id = $1 AND a.id = $2 AND l.revoked_at IS NULL"
                  " AND a.active = 1 AND a.archived = 0",
                  ARGS(A(login_id), A(account_id)));
}

struct ward_row {
    int64_t student_id;
};
static const struct field ward_fields[] = {FIELD(struct ward_row, student_id, "Student")};
static const struct schema ward_schema = SCHEMA(ward_row, ward_fields);

enum err auth_store_wards(struct ctx *ctx, int64_t account_id, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &ward_schema, &rows,
                         "SELECT student_id FROM guardian WHERE account_id = $1"
                         " ORDER BY student_id LIMIT 8",
                         ARGS(A(account_id)));

    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = ((const struct ward_row *)rows.at)[i].student_id;
    return ERR_OK;
}

enum err auth_store_login_insert(struct ctx *ctx, int64_t account_id, int64_t expires_at,
                                 int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO login (account_id, created_at, last_used_at, expires_at, ip,"
                  " user_agent) VALUES ($1, $2, $2, $3, $4, $5) RETURNING id",
                  ARGS(A(account_id), A(ctx->now), A(expires_at), A(ctx->ip), A(ctx->user_agent)),
                  ret_id);
}

enum err auth_store_logins(struct ctx *ctx, struct list *ret)
{
    return db_list(ctx, &login_schema, ret,
                   "SELECT id, created_at, last_used_at, ip, user_agent,"
                   " CASE WHEN id = $2 THEN 1 ELSE 0 END AS current"
                   " FROM login WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $3"
                   " ORDER BY last_used_at DESC, id DESC LIMIT 100",
                   ARGS(A(ctx->actor.user_id), A(ctx->actor.login_id), A(ctx->now)));
}

enum err auth_store_login_end(struct ctx *ctx, int64_t account_id, int64_t login_id, int64_t except,
                              int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE login SET revoked_at = $4 WHERE account_id = $1"
                     " AND (CAST($2 AS BIGINT) = 0 OR id = $2) AND id <> $3 AND revoked_at IS NULL",
                     ARGS(A(account_id), A(login_id), A(except), A(ctx->now)), ret_n);
}

enum err auth_store_refresh_insert(struct ctx *ctx, int64_t login_id, struct str hash)
{
    return db_exec(ctx,
                   "INSERT INTO refresh_token (login_id, hash, created_at) VALUES ($1, $2, $3)",
                   ARGS(A(login_id), A(hash), A(ctx->now)));
}

enum err auth_store_refresh(struct ctx *ctx, struct str hash, struct refresh_row *ret)
{
    return db_one(ctx, &refresh_schema, ret,
                  "SELECT r.id, r.login_id, l.account_id, r.used_at, l.revoked_at, l.expires_at,"
                  " a.active, a.archived FROM refresh_token r JOIN login l ON l.id = r.login_id"
                  " JOIN account a ON a.id = l.account_id WHERE r.hash = $1",
                  ARGS(A(hash)));
}

enum err auth_store_refresh_use(struct ctx *ctx, const struct refresh_row *r, int64_t *ret_n)
{
    enum err e = db_exec_n(ctx,
                           "UPDATE refresh_token SET used_at = $2"
                           " WHERE id = $1 AND used_at IS NULL",
                           ARGS(A(r->id), A(ctx->now)), ret_n);

    if (e || *ret_n == 0)
        return e;
    return db_exec(ctx,
                   "UPDATE login SET last_used_at = $2, ip = $3, user_agent = $4 WHERE id = $1",
                   ARGS(A(r->login_id), A(ctx->now), A(ctx->ip), A(ctx->user_agent)));
}

enum err auth_store_delay(struct ctx *ctx, struct str subject, struct delay_row *ret)
{
    return db_one(ctx, &delay_schema, ret,
                  "SELECT failures, last_at, blocked_until FROM login_delay WHERE subject = $1",
                  ARGS(A(subject)));
}

enum err auth_store_delay_count(struct ctx *ctx, struct str subject, int64_t forget, int64_t *ret)
{
    return db_i64(ctx,
                  "INSERT INTO login_delay (subject, failures, last_at, blocked_until)"
                  " VALUES ($1, 1, $2, 0) ON CONFLICT (subject) DO UPDATE SET last_at = $2,"
                  " failures = CASE WHEN login_delay.last_at < $3 THEN 1"
                  " ELSE login_delay.failures + 1 END RETURNING failures",
                  ARGS(A(subject), A(ctx->now), A(forget)), ret);
}

enum err auth_store_delay_block(struct ctx *ctx, struct str subject, int64_t until)
{
    return db_exec(ctx, "UPDATE login_delay SET blocked_until = $2 WHERE subject = $1",
                   ARGS(A(subject), A(until)));
}

enum err auth_store_delay_clear(struct ctx *ctx, struct str subject)
{
    return db_exec(ctx, "DELETE FROM login_delay WHERE subject = $1", ARGS(A(subject)));
}

enum err auth_store_trim(struct ctx *ctx, int64_t before)
{
    enum err e = db_exec(ctx, "DELETE FROM login_delay WHERE last_at < $1", ARGS(A(before)));

    e = e ? e
          : db_exec(ctx,
                    "DELETE FROM refresh_token WHERE login_id IN"
                    " (SELECT id FROM login WHERE expires_at < $1 OR revoked_at < $1)",
                    ARGS(A(before)));
    return e ? e
             : db_exec(ctx, "DELETE FROM login WHERE expires_at < $1 OR revoked_at < $1",
                       ARGS(A(before)));
}
