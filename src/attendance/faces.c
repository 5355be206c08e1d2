/* SPDX-License-Identifier: MIT */
/* Marks by a face, and by the tick beside it: the same door as every check-in. */
#include "attendance/intake.h"
#include "attendance/show.h"
#include "db/tx.h"

static struct check_in check_in_of(int64_t student_id, const struct attendance_evidence *evidence)
{
    struct check_in c = {
        .student_id = student_id,
        .way = WAY_MANUAL,
        /* A camera cannot tell; where nobody checks leaving it is read as coming. */
        .direction = GOING_UNKNOWN,
    };

    if (!evidence)
        return c;
    c.way = way_of(str_of(evidence->way));
    c.facts = evidence->facts;
    c.evidence = evidence;
    c.device_id = evidence->device_id;
    return c;
}

enum err attendance_mark_face(struct ctx *ctx, const struct session *s, int64_t student_id,
                              const struct attendance_evidence *evidence, struct attendance *ret,
                              bool *already)
{
    struct check_in c = check_in_of(student_id, evidence);
    struct check_in_result result = {0};
    enum err e = attendance_check_in(ctx, s, &c, 1, &result);

    if (e)
        return e;
    *already = result.was_marked;
    *ret = result.record;
    return ERR_OK;
}

enum err attendance_mark_seen(struct ctx *ctx, const struct session *s, struct attendance_seen *all,
                              size_t n)
{
    struct check_in *checks = ARENA_NEW_N(&ctx->arena, struct check_in, n);
    struct check_in_result *results = ARENA_NEW_N(&ctx->arena, struct check_in_result, n);
    enum err e;

    for (size_t i = 0; i < n; i++)
        checks[i] = check_in_of(all[i].student_id, all[i].evidence);
    e = attendance_check_in(ctx, s, checks, n, results);
    for (size_t i = 0; !e && i < n; i++) {
        all[i].status = results[i].record.status;
        all[i].already = results[i].was_marked;
    }
    return e;
}
