/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which models the stored templates are of. After a change of the model pack those of the former
 * model stay until everybody is enrolled anew, and are never compared with the others.
 */
#include "base/ctx.h"
#include "base/schema.h"

struct template_model {
    struct str model;
    int64_t students, templates;
};
extern const struct schema template_model_schema;

/* A list of struct template_model, by name. */
must_check enum err template_models(struct ctx *ctx, struct list *ret);
/* How many students have any template, and how many have one of this model. */
must_check enum err template_models_progress(struct ctx *ctx, struct str model, int64_t *ret_all,
                                             int64_t *ret_with);
/* Deletes the templates of a model; *ret_n: how many. The caller knows that it is not in use. */
must_check enum err template_models_prune(struct ctx *ctx, struct str model, int64_t *ret_n);
