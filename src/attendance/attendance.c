/* SPDX-License-Identifier: MIT */
/* The rules of the register: every change is an event and a record in one transaction. */
#include "attendance/attendance.h"

#include "attendance/attendance_store.h"
#include "attendance/corrections.h"
#include "db/tx.h"
#include "events/events.h"
#include "students/students.h"

#define STATUSES ONE_OF("present", "late", "absent", "excused", "unmarked")
#define METHODS                                                                                    \
    ONE_OF("face", "kiosk", "self", "class_photo", "qr", "pin", "manual", "device", "import",      \
           "close")

#define F(...) FIELD(struct attendance, __VA_ARGS__)
static const struct field attendance_fields[] = {
    F(id, "Number of the record; null when never marked", .required = true),
    F(session_id, "Session", .required = true),
    F(student_id, "Student", .required = true),
    F(student_number, "Student number", .required = true, .example = "\"S-0007\""),
    F(student_name, "Student's name", .required = true),
    F(status, "Status", .required = true, .one_of = STATUSES),
    F(method, "How we know", .required = true, .one_of = METHODS),
    F(marked_at, "When it was marked", .required = true, .format = "date-time"),
    F(minutes_late, "Minutes after the start, when late", .required = true),
    F(similarity, "Cosine with the student's best template, for a face", .required = true,
      .example = "0.71"),
    F(margin, "Distance to the next student, for a face", .required = true, .example = "0.42"),
    F(threshold, "Similarity that was asked for", .required = true, .example = "0.45"),
    F(marked_by, "Account that marked it", .required = true),
    F(marked_by_name, "Its name", .required = true),
    F(note, "Why it was corrected", .required = true),
    F(enrolled, "Whether the student can be recognised", .required = true),
    F(version, "Grows with each change; 0 when never marked", .required = true),
};
#undef F
const struct schema attendance_schema = SCHEMA(attendance, attendance_fields);

#define F(...) FIELD(struct attendance_register, __VA_ARGS__)
static const struct field register_fields[] = {
    F(session, "The session", .required = true, .items = &session_schema),
    F(records, "Every expected student, by name", .required = true, .items = &attendance_schema),
};
#undef F
const struct schema attendance_register_schema = SCHEMA(attendance_register, register_fields);

#define F(...) FIELD(struct attendance_entry, __VA_ARGS__)
static const struct field entry_fields[] = {
    F(id, "Number of the event", .required = true),
    F(at, "When, by the server's clock", .required = true, .format = "date-time"),
    F(kind, "What happened", .required = true, .one_of = ONE_OF("mark", "change", "undo", "close")),
    F(method, "How", .required = true, .one_of = METHODS),
    F(status_before, "Status before", .required = true, .one_of = STATUSES),
    F(status_after, "Status after", .required = true, .one_of = STATUSES),
    F(similarity, "Cosine with the best template", .required = true),
    F(margin, "Distance to the next student", .required = true),
    F(threshold, "Similarity asked for", .required = true),
    F(quality, "Length of the face's raw embedding: how much detail it had", .required = true),
    F(liveness, "Passive liveness, 0..1; null: not looked at", .required = true),
    F(device_id, "The device that saw it", .required = true),
    F(by_user_id, "Account that caused it", .required = true),
    F(by_name, "Its name", .required = true),
    F(note, "Why", .required = true),
    F(undoes, "The event that this one takes back", .required = true),
    F(undone, "Whether it was taken back", .required = true),
};
#undef F
const struct schema attendance_entry_schema = SCHEMA(attendance_entry, entry_fields);

#define F(...) FIELD(struct attendance_day, __VA_ARGS__)
static const struct field day_fields[] = {
    F(id, "Session", .required = true),
    F(starts_at, "Start", .required = true, .format = "date-time"),
    F(ends_at, "End", .required = true, .format = "date-time"),
    F(module_name, "Module", .required = true),
    F(time_zone, "Zone of the session", .required = true),
    F(session_state, "State of the session", .required = true),
    F(status, "Status", .required = true, .one_of = STATUSES),
    F(method, "How we know", .required = true, .one_of = METHODS),
    F(marked_at, "When it was marked", .required = true, .format = "date-time"),
    F(minutes_late, "Minutes late", .required = true),
};
#undef F
const struct schema attendance_day_schema = SCHEMA(attendance_day, day_fields);

#define F(...) FIELD(struct attendance_summary, __VA_ARGS__)
static const struct field summary_fields[] = {
    F(sessions, "Sessions with a mark", .required = true),
    F(present, "Present", .required = true),
    F(late, "Late", .required = true),
    F(absent, "Absent", .required = true),
    F(excused, "Excused; these do not count", .required = true),
    F(rate, "(present + late) / (present + late + absent)", .required = true, .example = "0.93"),
};
#undef F
const struct schema attendance_summary_schema = SCHEMA(attendance_summary, summary_fields);

struct attendance_event {
    int64_t session_id;
    struct obj record;
};
static const struct field event_fields[] = {
    FIELD(struct attendance_event, session_id, "Session"),
    FIELD(struct attendance_event, record, "The record as it is now", .items = &attendance_schema),
};
static const struct schema event_schema = SCHEMA(attendance_event, event_fields);

static const char *const when_open[] = {"open", NULL};
static const char *const when_correctable[] = {"open", "closed", NULL};

enum { MINUTE = 60 * 1000 };

const char *attendance_rule(const struct session *s, int64_t now, int64_t *minutes_late)
{
    int64_t late = (now - s->starts_at) / MINUTE;

    *minutes_late = late > s->late_after_min ? late : 0;
    if (late > s->absent_after_min)
        return "absent";
    return late > s->late_after_min ? "late" : "present";
}

double attendance_rate(int64_t present, int64_t late, int64_t absent)
{
    int64_t counted = present + late + absent;

    return counted ? (double)(present + late) / (double)counted : 1.0;
}

enum err attendance_register_get(struct ctx *ctx, int64_t session_id,
                                 struct attendance_register *ret)
{
    struct session *s = ARENA_NEW(&ctx->arena, struct session);
    bool only_own = ctx->actor.role == ROLE_STUDENT;
    enum err e = session_get_for(ctx, session_id, s);

    e = e ? e : attendance_fetch(ctx, s, only_own ? ctx->actor.student_id : 0, &ret->records);
    if (!e)
        ret->session.at = s;
    return e;
}

static enum err fetch_one(struct ctx *ctx, const struct session *s, int64_t student_id,
                          struct attendance *ret)
{
    struct list rows;
    enum err e = attendance_fetch(ctx, s, student_id, &rows);

    if (e)
        return e;
    if (rows.n == 0)
        return fail(ctx, ERR_NOT_FOUND, "the student is not of this session");
    *ret = *(struct attendance *)rows.at;
    return ERR_OK;
}

static enum err tell_record(struct ctx *ctx, const char *name, const struct session *s,
                            struct attendance *record)
{
    struct attendance_event ev = {.session_id = s->id, .record = {record}};

    return event_emit(
        ctx, name, &event_schema, &ev,
        (struct audience){.trainer_id = s->trainer_id, .student_id = record->student_id});
}

/* Tells live clients of the record and of the session's counts. */
static enum err tell(struct ctx *ctx, const char *name, const struct session *s,
                     struct attendance *record)
{
    enum err e = tell_record(ctx, name, s, record);

    return e ? e : session_tell(ctx, s->id);
}

static struct opt_i64 some(int64_t v)
{
    return (struct opt_i64){.set = true, .v = v};
}

/* Appends the event and brings the locked record to what it says. */
static enum err append(struct ctx *ctx, struct record_row *r, struct entry_row *ev)
{
    int64_t id = 0;
    enum err e;

    ev->at = ctx->now;
    ev->status_before = r->status;
    if (ctx->actor.user_id)
        ev->by_account_id = some(ctx->actor.user_id);
    e = attendance_append(ctx, ev, &id);
    if (e)
        return e;
    *r = (struct record_row){
        .id = r->id,
        .status = ev->status_after,
        .method = {.set = true, .v = ev->method},
        .note = ev->note,
        .marked_at = some(ctx->now),
        .minutes_late = ev->minutes_late,
        .marked_by = ev->by_account_id,
        .last_event_id = some(id),
        .similarity = ev->similarity,
        .margin = ev->margin,
        .threshold = ev->threshold,
    };
    return attendance_store(ctx, r);
}

static struct opt_i64 lateness(const struct session *s, struct str status, int64_t now)
{
    int64_t minutes;

    (void)attendance_rule(s, now, &minutes);
    if (!str_is(status, "late") || !session_is(s, "open") || minutes <= 0)
        return (struct opt_i64){0};
    return some(minutes);
}

/* A repeated request, whose first answer may have been lost: nothing to change, nothing to tell. */
static bool says_the_same(const struct ctx *ctx, const struct record_row *r,
                          const struct attendance_mark *in)
{
    return str_eq(r->status, in->status) && r->method.set && str_is(r->method.v, "manual") &&
           r->marked_by.set && r->marked_by.v == ctx->actor.user_id &&
           r->note.set == in->note.set && str_eq(r->note.v, in->note.v);
}

static enum err check_version(struct ctx *ctx, struct opt_i64 asked, int64_t version)
{
    if (!asked.set || asked.v == version)
        return ERR_OK;
    return fail(ctx, ERR_VERSION_MISMATCH, "the mark is at version %lld", (long long)version);
}

enum err attendance_set(struct ctx *ctx, const struct attendance_mark *in, struct opt_i64 version,
                        struct attendance *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {0};
    struct record_row r = {0};
    struct entry_row ev = {
        .session_id = in->session_id,
        .student_id = in->student_id,
        .method = STR("manual"),
        .status_after = in->status,
        .note = in->note,
    };
    struct attendance out;
    enum err e = session_get_for(ctx, in->session_id, &s);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : session_hold(ctx, &s, when_correctable);
    e = e ? e : attendance_lock(ctx, in->session_id, in->student_id, &r);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, e, "the student is not of this session");
    /* The lock was a change of its own. */
    e = e ? e : check_version(ctx, version, r.version - 1);
    if (e)
        return e;
    if (says_the_same(ctx, &r, in)) {
        tx_finish(&tx);
        return fetch_one(ctx, &s, in->student_id, ret);
    }
    ev.kind = str_is(r.status, "unmarked") ? STR("mark") : STR("change");
    ev.minutes_late = lateness(&s, in->status, ctx->now);
    e = attendance_corrected(ctx, &r, in->student_id, in->status);
    e = e ? e : append(ctx, &r, &ev);
    e = e ? e : fetch_one(ctx, &s, in->student_id, &out);
    e = e ? e
          : tell(ctx, str_is(ev.kind, "mark") ? "attendance.marked" : "attendance.changed", &s,
                 &out);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = out;
    return e;
}

/* The record as the event before the one taken back left it. */
static enum err restore(struct ctx *ctx, struct record_row *r, const struct entry_row *undone)
{
    struct entry_row last = {0};
    enum err e =
        attendance_last_entry(ctx, undone->session_id, undone->student_id, undone->id, &last);

    if (e && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND) {
        *r = (struct record_row){.id = r->id, .status = STR("unmarked")};
        return attendance_store(ctx, r);
    }
    *r = (struct record_row){
        .id = r->id,
        .status = last.status_after,
        .method = {.set = true, .v = last.method},
        .note = last.note,
        .marked_at = some(last.at),
        .minutes_late = last.minutes_late,
        .marked_by = last.by_account_id,
        .last_event_id = some(last.id),
        .similarity = last.similarity,
        .margin = last.margin,
        .threshold = last.threshold,
    };
    return attendance_store(ctx, r);
}

static enum err undo_last(struct ctx *ctx, int64_t session_id, int64_t student_id, bool closed)
{
    struct record_row r = {0};
    struct entry_row last = {0};
    struct entry_row ev;
    int64_t id;
    enum err e = attendance_lock(ctx, session_id, student_id, &r);

    e = e ? e : attendance_last_entry(ctx, session_id, student_id, INT64_MAX, &last);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, e, "there is nothing to undo");
    if (e)
        return e;
    /* A closed register has nobody unmarked. */
    if (closed && str_is(last.kind, "close"))
        return fail(ctx, ERR_NOT_FOUND, "absent since the register was closed: set a mark instead");
    e = attendance_taken_back(ctx, &last);
    e = e ? e : restore(ctx, &r, &last);
    if (e)
        return e;
    ev = (struct entry_row){
        .session_id = session_id,
        .student_id = student_id,
        .at = ctx->now,
        .kind = STR("undo"),
        .method = STR("manual"),
        .status_before = last.status_after,
        .status_after = r.status,
        .by_account_id = some(ctx->actor.user_id),
        .undoes = some(last.id),
    };
    return attendance_append(ctx, &ev, &id);
}

enum err attendance_undo(struct ctx *ctx, int64_t session_id, int64_t student_id,
                         struct attendance *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {0};
    struct attendance out;
    enum err e = session_get_for(ctx, session_id, &s);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : session_hold(ctx, &s, when_correctable);
    /* Once more: it may have been closed before it was held. */
    e = e ? e : session_get_for(ctx, session_id, &s);
    e = e ? e : undo_last(ctx, session_id, student_id, session_is(&s, "closed"));
    e = e ? e : fetch_one(ctx, &s, student_id, &out);
    e = e ? e : tell(ctx, "attendance.changed", &s, &out);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = out;
    return e;
}

enum err attendance_events(struct ctx *ctx, int64_t session_id, int64_t student_id,
                           struct list *ret)
{
    struct session s = {0};
    enum err e = session_get_for(ctx, session_id, &s);

    if (!e && ctx->actor.role == ROLE_STUDENT && ctx->actor.student_id != student_id)
        return ERR_NOT_FOUND;
    return e ? e : attendance_fetch_entries(ctx, session_id, student_id, ret);
}

enum err attendance_close(struct ctx *ctx, int64_t session_id, struct session *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {0};
    struct list rest = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_get_for(ctx, session_id, &s);
    e = e ? e : session_move(ctx, session_id, SESSION_CLOSE, (struct str){"", 0}, &s);
    e = e ? e : attendance_fetch_unmarked(ctx, session_id, &rest);
    for (size_t i = 0; !e && i < rest.n; i++) {
        struct record_row r = {0};
        struct entry_row ev = {
            .session_id = session_id,
            .student_id = ((const struct unmarked_row *)rest.at)[i].student_id,
            .kind = STR("close"),
            .method = STR("close"),
            .status_after = STR("absent"),
        };

        e = attendance_lock(ctx, session_id, ev.student_id, &r);
        e = e ? e : append(ctx, &r, &ev);
    }
    e = e ? e : session_tell(ctx, session_id);
    e = e ? e : session_get_for(ctx, session_id, &s);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = s;
    return e;
}

/* A person's word, and an earlier arrival, stand against a later look of the camera. */
static bool stands(const struct record_row *r)
{
    return !str_is(r->status, "unmarked") && !(r->method.set && str_is(r->method.v, "close"));
}

/* The event of somebody who is there now; without evidence by hand. */
static struct entry_row arrival(const struct ctx *ctx, const struct session *s, int64_t student_id,
                                const struct attendance_evidence *evidence)
{
    int64_t minutes = 0;
    struct entry_row ev = {
        .session_id = s->id,
        .student_id = student_id,
        .kind = STR("mark"),
        .method = STR("manual"),
        .status_after = str_of(attendance_rule(s, ctx->now, &minutes)),
    };

    if (minutes > 0)
        ev.minutes_late = some(minutes);
    if (!evidence)
        return ev;
    ev.method = str_of(evidence->way);
    ev.similarity = (struct opt_f64){.set = true, .v = evidence->similarity};
    ev.margin = (struct opt_f64){.set = true, .v = evidence->margin};
    ev.threshold = (struct opt_f64){.set = true, .v = evidence->threshold};
    ev.model = (struct opt_str){.set = true, .v = str_of(evidence->model)};
    ev.quality = evidence->quality;
    ev.liveness = evidence->liveness;
    ev.device_id = (struct opt_i64){.set = evidence->device_id != 0, .v = evidence->device_id};
    return ev;
}

enum err attendance_mark_face(struct ctx *ctx, const struct session *s, int64_t student_id,
                              const struct attendance_evidence *evidence, struct attendance *ret,
                              bool *already)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct record_row r = {0};
    struct entry_row ev = arrival(ctx, s, student_id, evidence);
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_hold(ctx, s, when_open);
    e = e ? e : attendance_lock(ctx, s->id, student_id, &r);
    if (e)
        return e;
    *already = stands(&r);
    if (*already) {
        /* Nothing changes: the lock goes before the record is read. */
        tx_finish(&tx);
        return fetch_one(ctx, s, student_id, ret);
    }
    e = append(ctx, &r, &ev);
    e = e ? e : fetch_one(ctx, s, student_id, ret);
    e = e ? e : tell(ctx, "attendance.marked", s, ret);
    return e ? e : tx_commit(&tx);
}

/* The register's row of a student; NULL: not of this session. */
static struct attendance *row_of(const struct list *rows, int64_t student_id)
{
    struct attendance *all = rows->at;

    for (size_t i = 0; i < rows->n; i++)
        if (all[i].student_id == student_id)
            return &all[i];
    return NULL;
}

static enum err mark_one_seen(struct ctx *ctx, const struct session *s, const struct list *before,
                              struct attendance_seen *seen)
{
    const struct attendance *row = row_of(before, seen->student_id);
    struct record_row r = {0};
    struct entry_row ev = arrival(ctx, s, seen->student_id, seen->evidence);
    enum err e;

    if (!row)
        return fail(ctx, ERR_NOT_FOUND, "student %lld is not of this session",
                    (long long)seen->student_id);
    r.status = row->status;
    r.method = row->method;
    seen->already = stands(&r);
    if (seen->already)
        return ERR_OK;
    e = attendance_lock(ctx, s->id, seen->student_id, &r);
    return e ? e : append(ctx, &r, &ev);
}

enum err attendance_mark_seen(struct ctx *ctx, const struct session *s, struct attendance_seen *all,
                              size_t n)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct list rows = {0};
    enum err e = tx_begin(ctx, &tx);

    /* Whoever changes a mark of the session holds it, so what is read now stays true. */
    e = e ? e : session_hold(ctx, s, when_open);
    e = e ? e : attendance_fetch(ctx, s, 0, &rows);
    for (size_t i = 0; !e && i < n; i++)
        e = mark_one_seen(ctx, s, &rows, &all[i]);
    e = e ? e : attendance_fetch(ctx, s, 0, &rows);
    for (size_t i = 0; !e && i < n; i++) {
        struct attendance *row = row_of(&rows, all[i].student_id);
        if (row && !all[i].already)
            e = tell_record(ctx, "attendance.marked", s, row);
        if (row)
            all[i].status = row->status;
    }
    e = e ? e : session_tell(ctx, s->id);
    return e ? e : tx_commit(&tx);
}

enum err attendance_of_student(struct ctx *ctx, const struct attendance_span *in, struct page *ret)
{
    struct student student = {0};
    enum err e = student_get_for(ctx, in->student_id, &student);

    return e ? e : attendance_fetch_days(ctx, in, ret);
}

enum err attendance_sum(struct ctx *ctx, const struct attendance_span *in,
                        struct attendance_summary *ret)
{
    struct student student = {0};
    enum err e = student_get_for(ctx, in->student_id, &student);

    e = e ? e : attendance_fetch_summary(ctx, in, ret);
    if (!e)
        ret->rate = attendance_rate(ret->present, ret->late, ret->absent);
    return e;
}
