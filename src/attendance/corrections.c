/* SPDX-License-Identifier: MIT */
/* Marks by a face that people take back: the register is put right, the pair made stricter. */
#include "attendance/corrections.h"

#include "attendance/book.h"
#include "attendance/show.h"
#include "db/tx.h"
#include "enrolment/apart.h"
#include "students/students.h"

static bool by_face(struct str method)
{
    return one_of_has(ONE_OF("face", "kiosk", "self", "class_photo"), method);
}

/* What a face can say of somebody who is there. */
static bool attended(struct str status)
{
    return one_of_has(ONE_OF("present", "late", "partial", "left_early", "remote"), status);
}

static enum err correct(struct ctx *ctx, int64_t event_id, int64_t student_id, struct str method,
                        struct str status)
{
    if (!event_id || !by_face(method) || !attended(status))
        return ERR_OK;
    return apart_correct(
        ctx, &(struct apart_correction){.event_id = event_id, .student_id = student_id});
}

enum err attendance_corrected(struct ctx *ctx, const struct record_row *before, int64_t student_id,
                              struct str status)
{
    if (!str_is(status, "absent"))
        return ERR_OK;
    return correct(ctx, before->last_event_id.v, student_id, before->method.v, before->status);
}

enum err attendance_taken_back(struct ctx *ctx, const struct ledger_link *event)
{
    return correct(ctx, event->id, event->student_id.v, event->method, event->status_after);
}

static enum err check_actual(struct ctx *ctx, const struct attendance_denial *in)
{
    if (!in->actual_student_id.set)
        return ERR_OK;
    if (ctx->actor.role == ROLE_STUDENT)
        return fail_field(ctx, "/actual_student_id", "one_of", "",
                          "is for the school to say, not for a student");
    if (in->actual_student_id.v == in->student_id)
        return fail_field(ctx, "/actual_student_id", "one_of", "", "must be somebody else");
    return student_check_usable(ctx, in->actual_student_id.v, "/actual_student_id");
}

/* The record, if it is not the caller's only to see. */
static enum err find(struct ctx *ctx, const struct attendance_denial *in, struct session *s,
                     struct attendance *ret)
{
    enum err e = session_find_for(ctx, in->session_id, s);

    if (!e && ctx->actor.role == ROLE_STUDENT && ctx->actor.student_id != in->student_id)
        return ERR_NOT_FOUND;
    return e ? e : attendance_show_one(ctx, s, in->student_id, ret);
}

/* All that a face said: the coming, the leaving, and what was seen in between. */
static enum err undo_faces(struct ctx *ctx, struct book *b, struct page_of *page,
                           struct record_row *r)
{
    size_t n = page->n;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < n; i++) {
        struct ledger_link undo = {
            .kind = STR("undo"),
            .method = STR("manual"),
            .undoes = {.set = true, .v = page->links[i].id},
            .undoes_uid = {.set = true, .v = page->links[i].uid},
        };

        if (by_face(page->links[i].method) && !page_undone(page, i))
            e = book_write(ctx, b, page, &undo, r);
    }
    return e;
}

static enum err take_faces_back(struct ctx *ctx, const struct session *s, int64_t student_id,
                                struct attendance *ret)
{
    static const char *const open[] = {"open", NULL};
    struct book b = {0};
    struct page_of page;
    struct list rows = {0};
    struct record_row r;
    enum err e = book_open(ctx, s, student_id, &b);

    e = e ? e : session_check_runs(ctx, s);
    e = e ? e : book_check(ctx, &b, open);
    e = e ? e : attendance_fetch(ctx, s, student_id, &rows);
    if (!e && rows.n == 0)
        e = fail(ctx, ERR_NOT_FOUND, "the student is not of this session");
    if (e)
        return e;
    page = book_page(ctx, &b, student_id);
    r = record_row_of(rows.at);
    e = undo_faces(ctx, &b, &page, &r);
    e = e ? e : book_finish(ctx, &b);
    e = e ? e : attendance_show_one(ctx, s, student_id, ret);
    e = e ? e : attendance_tell(ctx, "attendance.changed", s, ret);
    return e ? e : session_tell(ctx, s->id);
}

/* The pair first, with who it was. */
static enum err take_back(struct ctx *ctx, const struct attendance_denial *in,
                          const struct session *s, int64_t event_id, struct attendance *ret)
{
    struct attendance_mark absent = {
        .session_id = in->session_id,
        .student_id = in->student_id,
        .status = STR("absent"),
        .note = {.set = true, .v = STR(ATTENDANCE_NOT_THE_PERSON)},
    };
    enum err e = apart_correct(ctx, &(struct apart_correction){
                                        .event_id = event_id,
                                        .student_id = in->student_id,
                                        .actual_student_id = in->actual_student_id.v,
                                    });

    if (e)
        return e;
    if (session_is(s, "closed"))
        return attendance_set(ctx, &absent, (struct opt_i64){0}, ret);
    return take_faces_back(ctx, s, in->student_id, ret);
}

enum err attendance_not_me(struct ctx *ctx, const struct attendance_denial *in,
                           struct attendance *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {0};
    struct attendance record = {0};
    bool said = false;
    enum err e = check_actual(ctx, in);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : find(ctx, in, &s, &record);
    if (e)
        return e;
    if (!record.method.set || !by_face(record.method.v) || !attended(record.status)) {
        e = apart_was_corrected(ctx, in->session_id, in->student_id, &said);
        if (!e && !said)
            e = fail(ctx, ERR_NOT_FOUND, "there is no mark by a face");
        if (!e)
            *ret = record;
        return e;
    }
    e = take_back(ctx, in, &s, record.last_event_id.v, ret);
    return e ? e : tx_commit(&tx);
}
