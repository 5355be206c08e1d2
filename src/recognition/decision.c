/* SPDX-License-Identifier: MIT */
/* A decision in numbers and in one sentence, in every language of the product. */
#include "recognition/decision.h"

#include "recognition/decision_words.h"
#include "recognition/recognition_store.h"

#define WHY(...) FIELD(struct decision_why, __VA_ARGS__)
static const struct field why_fields[] = {
    WHY(en, "In English", .required = true,
        .example = "\"Similarity 0.62 reaches 0.45, and nobody else comes close.\""),
    WHY(fr, "In French", .required = true),
    WHY(ar, "In Arabic", .required = true),
};
#undef WHY
static const struct schema why_schema = SCHEMA(decision_why, why_fields);

#define F(...) FIELD(struct decision, __VA_ARGS__)
static const struct field decision_fields[] = {
    F(decision, "What was decided", .required = true,
      .one_of = ONE_OF("match", "unknown", "ambiguous", "low_quality", "spoof_suspected", "no_face",
                       "no_consent")),
    F(student_id, "The student, of a match", .required = true),
    F(student_name, "The student's name", .required = true),
    F(similarity, "Cosine with the best student's best template", .required = true),
    F(threshold, "Similarity asked for, by the number of students compared", .required = true),
    F(margin, "Distance to the next student", .required = true),
    F(min_margin, "Distance asked for; more for students who look alike", .required = true),
    F(quality, "Length of the raw embedding: how much detail the face has", .required = true),
    F(liveness, "Passive score, 0..1, advisory; null: not looked at", .required = true),
    F(model, "Model that compared; empty: none did", .required = true),
    F(policy, "Rule that decided", .required = true, .example = "\"roster\""),
    F(ms, "Milliseconds it took", .required = true),
    F(why, "One sentence why", .required = true, .items = &why_schema),
};
#undef F
const struct schema decision_schema = SCHEMA(decision, decision_fields);

const char *decision_name(enum decision_kind k)
{
    static const char *const names[] = {
#define X(id, name) [DECISION_##id] = name,
        DECISION_LIST(X)
#undef X
    };

    return names[k];
}

enum decision_kind decision_of(const struct face_match *m, const struct face_flaws *flaws)
{
    if (flaws && flaws->n)
        return DECISION_LOW_QUALITY;
    switch (m->decision) {
    case FACE_MATCH:
        return DECISION_MATCH;
    case FACE_AMBIGUOUS:
        return DECISION_AMBIGUOUS;
    case FACE_UNKNOWN:
        break;
    }
    return DECISION_UNKNOWN;
}

static struct opt_f64 number(double v)
{
    return (struct opt_f64){.set = true, .v = v};
}

void decision_make(struct ctx *ctx, const struct decision_facts *facts, struct decision *ret)
{
    struct decision_why *why = ARENA_NEW(&ctx->arena, struct decision_why);
    const struct face_match *m = facts->match;
    struct decision out = {
        .decision = str_of(decision_name(facts->kind)),
        .liveness = facts->liveness,
        .model = STR(""),
        .policy = str_of(facts->policy),
        .ms = facts->ms,
        .why = {why},
    };

    decision_word(ctx, facts, why);
    if (facts->face && facts->face->embedded)
        out.quality = number(facts->face->norm);
    if (m) {
        out.similarity = number(m->similarity);
        out.threshold = number(m->threshold);
        out.margin = number(m->margin);
        out.min_margin = number(m->min_margin);
        out.model = str_of(face_model_id(ctx->services->models));
        if (m->strict)
            out.policy = arena_printf(&ctx->arena, "%s+strict", facts->policy);
    }
    if (m && facts->kind == DECISION_MATCH) {
        out.student_id = (struct opt_i64){.set = true, .v = m->person};
        out.student_name = facts->student_name;
    }
    *ret = out;
}

enum err decision_log(struct ctx *ctx, const struct decision_place *place, const struct decision *d)
{
    return recognition_insert(ctx, place, d);
}

enum err decision_trim(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    return recognition_delete_before(ctx, before, ret_n);
}
