/* SPDX-License-Identifier: MIT */
/* Keys and sealed templates in SQL. */
#include "enrolment/enrolment_store.h"

#include "db/db.h"
#include "face/face.h"

#define F(...) FIELD(struct template_info, __VA_ARGS__)
static const struct field info_fields[] = {
    F(id, "Id"),     F(model, "Model"),         F(quality, "Quality"),
    F(pose, "Pose"), F(assurance, "Assurance"), F(created_at, "When"),
};
#undef F
static const struct schema info_schema = SCHEMA(template_info, info_fields);

#define F(...) FIELD(struct sealed_row, __VA_ARGS__)
static const struct field sealed_fields[] = {
    F(student_id, "Student"),
    F(master_key_id, "Master key"),
    F(wrapped, "Wrapped key"),
    F(sealed, "Sealed template"),
};
#undef F
static const struct schema sealed_schema = SCHEMA(sealed_row, sealed_fields);

enum err enrolment_fetch_templates(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    return db_list(ctx, &info_schema, ret,
                   "SELECT id, model, quality, pose, assurance, created_at FROM face_template"
                   " WHERE student_id = $1 ORDER BY id",
                   ARGS(A(student_id)));
}

enum { SESSIONS_AT_ONCE = 8 };

/* Consent is asked again here: a template must never be used without it. */
#define SEALED                                                                                     \
    "SELECT f.student_id, k.master_key_id, k.wrapped, f.sealed FROM face_template f"               \
    " JOIN student_key k ON k.student_id = f.student_id"                                           \
    " JOIN student st ON st.id = f.student_id"                                                     \
    " WHERE f.model = $1 AND st.archived = 0 AND (SELECT c.state FROM consent c"                   \
    " WHERE c.student_id = f.student_id ORDER BY c.id DESC LIMIT 1) = 'given'"

enum err enrolment_fetch_sealed(struct ctx *ctx, int64_t except, struct str model, struct list *ret)
{
    return db_list(ctx, &sealed_schema, ret,
                   SEALED " AND f.student_id <> $2 ORDER BY f.student_id, f.id",
                   ARGS(A(model), A(except)));
}

enum err enrolment_fetch_sealed_one(struct ctx *ctx, int64_t student_id, struct str model,
                                    struct list *ret)
{
    return db_list(ctx, &sealed_schema, ret, SEALED " AND f.student_id = $2 ORDER BY f.id",
                   ARGS(A(model), A(student_id)));
}

enum err enrolment_fetch_sealed_of(struct ctx *ctx, struct i64s session_ids, struct str model,
                                   struct list *ret)
{
    int64_t id[SESSIONS_AT_ONCE] = {0};

    if (session_ids.n > COUNT(id))
        return fail(ctx, ERR_INTERNAL, "too many sessions at once");
    for (size_t i = 0; i < session_ids.n; i++)
        id[i] = session_ids.at[i];
    return db_list(ctx, &sealed_schema, ret,
                   SEALED
                   " AND f.student_id IN (SELECT gm.student_id FROM session s"
                   " JOIN session_group sg ON sg.session_id = s.id"
                   " JOIN group_member gm ON gm.group_id = sg.group_id"
                   " WHERE s.id IN ($2, $3, $4, $5, $6, $7, $8, $9)"
                   " AND gm.from_day <= s.starts_at"
                   " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at))"
                   " ORDER BY f.student_id, f.id",
                   ARGS(A(model), A(id[0]), A(id[1]), A(id[2]), A(id[3]), A(id[4]), A(id[5]),
                        A(id[6]), A(id[7])));
}

enum err enrolment_fetch_key(struct ctx *ctx, int64_t student_id, struct sealed_row *ret)
{
    return db_one(ctx, &sealed_schema, ret,
                  "SELECT student_id, master_key_id, wrapped FROM student_key"
                  " WHERE student_id = $1",
                  ARGS(A(student_id)));
}

enum err enrolment_insert_key(struct ctx *ctx, int64_t student_id, struct str master,
                              struct str wrapped)
{
    return db_exec(ctx,
                   "INSERT INTO student_key (student_id, master_key_id, wrapped, created_at)"
                   " VALUES ($1, $2, $3, $4)",
                   ARGS(A(student_id), A(master), db_blob(wrapped), A(ctx->now)));
}

enum err enrolment_insert_template(struct ctx *ctx, int64_t student_id,
                                   const struct template_info *t, struct str sealed)
{
    return db_exec(ctx,
                   "INSERT INTO face_template (student_id, model, sealed, quality, pose, assurance,"
                   " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   ARGS(A(student_id), A(t->model), db_blob(sealed), A(t->quality), A(t->pose),
                        A(t->assurance), A(ctx->now)));
}

enum err enrolment_erase(struct ctx *ctx, int64_t student_id, bool key, int64_t *ret_n)
{
    enum err e;

    /* Without the key: what new templates replace. Those of another model stay until it goes. */
    if (!key)
        return db_exec_n(ctx, "DELETE FROM face_template WHERE student_id = $1 AND model = $2",
                         ARGS(A(student_id), A(str_of(face_model_id(ctx->services->models)))),
                         ret_n);
    e = db_exec_n(ctx, "DELETE FROM face_template WHERE student_id = $1", ARGS(A(student_id)),
                  ret_n);
    if (!e)
        e = db_exec(ctx, "DELETE FROM student_key WHERE student_id = $1", ARGS(A(student_id)));
    return e;
}
