/* SPDX-License-Identifier: MIT */
/* Counts and clears templates by their model. */
#include "db/db.h"
#include "enrolment/template_models.h"

#define F(...) FIELD(struct template_model, __VA_ARGS__)
static const struct field fields[] = {
    F(model, "Model id", .required = true),
    F(students, "Students with templates of it", .required = true),
    F(templates, "Templates", .required = true),
};
#undef F
const struct schema template_model_schema = SCHEMA(template_model, fields);

enum err template_models(struct ctx *ctx, struct list *ret)
{
    return db_list(ctx, &template_model_schema, ret,
                   "SELECT model, count(DISTINCT student_id) AS students, count(*) AS templates"
                   " FROM face_template GROUP BY model ORDER BY model",
                   ARGS());
}

enum err template_models_progress(struct ctx *ctx, struct str model, int64_t *ret_all,
                                  int64_t *ret_with)
{
    enum err e =
        db_i64(ctx, "SELECT count(DISTINCT student_id) FROM face_template", ARGS(), ret_all);

    return e ? e
             : db_i64(ctx, "SELECT count(DISTINCT student_id) FROM face_template WHERE model = $1",
                      ARGS(A(model)), ret_with);
}

enum err template_models_prune(struct ctx *ctx, struct str model, int64_t *ret_n)
{
    return db_exec_n(ctx, "DELETE FROM face_template WHERE model = $1", ARGS(A(model)), ret_n);
}
