/* SPDX-License-Identifier: MIT */
/* What the register shows: fields, words, rates, and who is told of a change. */
#include "attendance/attendance.h"

#include "attendance/attendance_store.h"
#include "attendance/show.h"
#include "events/events.h"
#include "presence/rate.h"
#include "students/students.h"

#define STATUSES                                                                                   \
    ONE_OF("present", "late", "partial", "left_early", "excused", "absent", "remote", "unmarked")
#define METHODS                                                                                    \
    ONE_OF("face", "kiosk", "self", "class_photo", "qr", "pin", "manual", "device", "import",      \
           "close", "justification")
#define KINDS ONE_OF("check", "mark", "change", "undo", "close", "excuse")

static const struct schema why_schema = SCHEMA_NAMED("attendance_why", words, words_fields);

static const char *const REASONS[] = {
#define X(id, name) name,
    PRESENCE_REASONS(X)
#undef X
        NULL};

#define F(...) FIELD(struct attendance, __VA_ARGS__)
static const struct field attendance_fields[] = {
    F(id, "Number of the record; null when never marked", .required = true),
    F(session_id, "Session", .required = true),
    F(student_id, "Student", .required = true),
    F(student_number, "Student number", .required = true, .example = "\"S-0007\""),
    F(student_name, "Student's name", .required = true),
    F(status, "Status", .required = true, .one_of = STATUSES),
    F(code, "The school's status code; null when unmarked", .required = true, .example = "\"P\""),
    F(derived, "What the rules alone say: differs from `status` after a person's word or an excuse",
      .required = true, .one_of = STATUSES),
    F(reason, "Why it says so", .required = true, .one_of = REASONS, .example = "\"on_time\""),
    F(why, "The same in one sentence", .items = &why_schema),
    F(method, "How we know", .required = true, .one_of = METHODS),
    F(marked_at, "When it was marked", .required = true, .format = "date-time"),
    F(minutes_late, "Minutes after the start, when late", .required = true),
    F(in_at, "When the student came", .required = true, .format = "date-time"),
    F(out_at, "When the student left", .required = true, .format = "date-time"),
    F(minutes_present, "Minutes there, within the session; null: not known", .required = true),
    F(similarity, "Cosine with the student's best template, for a face", .required = true,
      .example = "0.71"),
    F(margin, "Distance to the next student, for a face", .required = true, .example = "0.42"),
    F(threshold, "Similarity that was asked for", .required = true, .example = "0.45"),
    F(marked_by, "Account that marked it", .required = true),
    F(marked_by_name, "Its name", .required = true),
    F(note, "Why it was corrected", .required = true),
    F(enrolled, "Whether the student can be recognised", .required = true),
    F(version, "Grows with each change; 0 when never marked", .required = true),
    F(weight, "Thousandths of a session", .hidden = true),
    F(last_event_id, "The event that decided", .hidden = true),
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
    F(seq, "Its place in the session's ledger; null: from before there was one", .required = true),
    F(uid, "Its id in the ledger", .required = true),
    F(at, "When it was written down, by the server's clock", .required = true,
      .format = "date-time"),
    F(occurred_at, "When it was", .required = true, .format = "date-time"),
    F(kind, "What happened", .required = true, .one_of = KINDS),
    F(method, "How", .required = true, .one_of = METHODS),
    F(direction, "Coming or going", .required = true, .one_of = ONE_OF("in", "out", "unknown")),
    F(facts, "What was known beside it: fence, subnet, live, offline", .required = true),
    F(fact_bits, "The same as bits", .hidden = true),
    F(said, "The status that a person gave", .required = true, .one_of = STATUSES),
    F(code, "The status code that came with it", .required = true),
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
    F(note_words, "The note in each language, when the server wrote it", .items = &words_schema),
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
    F(code, "The school's status code", .required = true),
    F(method, "How we know", .required = true, .one_of = METHODS),
    F(marked_at, "When it was marked", .required = true, .format = "date-time"),
    F(minutes_late, "Minutes late", .required = true),
    F(minutes_present, "Minutes there, within the session; null: not known", .required = true),
};
#undef F
const struct schema attendance_day_schema = SCHEMA(attendance_day, day_fields);

#define F(...) FIELD(struct attendance_summary, __VA_ARGS__)
static const struct field summary_fields[] = {
    F(sessions, "Sessions with a mark", .required = true),
    F(present, "Present", .required = true),
    F(late, "Late", .required = true),
    F(partial, "Partly present", .required = true),
    F(left_early, "Left early", .required = true),
    F(remote, "Present remotely", .required = true),
    F(absent, "Absent", .required = true),
    F(excused, "Excused; these do not count", .required = true),
    F(weight, "Thousandths of sessions attended, by the status codes' weights", .required = true),
    F(rate, "Weight of the sessions that count by their number; 1 when none counts",
      .required = true, .example = "0.93"),
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

static struct event_new event_about(const char *name, const struct session *s,
                                    const struct attendance_event *ev, int64_t student_id)
{
    return (struct event_new){
        .name = name,
        .schema = &event_schema,
        .data = ev,
        .audience = {.trainer_id = s->trainer_id, .student_id = student_id},
    };
}

enum err attendance_tell(struct ctx *ctx, const char *name, const struct session *s,
                         struct attendance *record)
{
    struct attendance_event ev = {.session_id = s->id, .record = {record}};
    struct event_new n = event_about(name, s, &ev, record->student_id);

    return event_emit(ctx, n.name, n.schema, n.data, n.audience);
}

enum err attendance_tell_last(struct ctx *ctx, const char *name, const struct session *s,
                              struct attendance *record)
{
    struct attendance_event ev = {.session_id = s->id, .record = {record}};
    struct event_new n = event_about(name, s, &ev, record->student_id);

    return session_tell_after(ctx, s->id, &n);
}

/* Records from before reasons were kept. */
static const char *reason_of(const struct attendance *r)
{
    if (!r->method.set)
        return "nothing";
    if (str_is(r->method.v, "close"))
        return "register_closed";
    if (str_is(r->method.v, "manual"))
        return "person_said";
    if (str_is(r->status, "absent"))
        return "came_too_late";
    return str_is(r->status, "late") ? "came_late" : "on_time";
}

static enum presence_reason reason_named(struct str name)
{
    int r = 0;

    while (r < REASON_COUNT && !str_is(name, presence_reason_name((enum presence_reason)r)))
        r++;
    return r < REASON_COUNT ? (enum presence_reason)r : REASON_NOTHING;
}

void attendance_explain(struct ctx *ctx, const struct presence_rule *rule, struct attendance *r)
{
    struct words *why = ARENA_NEW(&ctx->arena, struct words);
    struct presence p;

    if (!r->reason.len)
        r->reason = str_of(reason_of(r));
    p = (struct presence){
        .status = presence_status_of(r->status),
        .code = r->code.v,
        .derived = r->derived.set ? presence_status_of(r->derived.v) : PRESENCE_UNMARKED,
        .reason = reason_named(r->reason),
        .in_at = r->in_at.v,
        .out_at = r->out_at.v,
        .minutes_late = r->minutes_late.v,
        .minutes_present = r->minutes_present.set ? r->minutes_present.v : -1,
    };
    why->en = presence_why(ctx, rule, &p, "en");
    why->fr = presence_why(ctx, rule, &p, "fr");
    why->ar = presence_why(ctx, rule, &p, "ar");
    r->why.at = why;
}

enum err attendance_show_by(struct ctx *ctx, const struct session *s,
                            const struct presence_rule *rule, int64_t student_id, struct list *ret)
{
    enum err e = attendance_fetch(ctx, s, student_id, ret);

    for (size_t i = 0; !e && i < ret->n; i++)
        attendance_explain(ctx, rule, &((struct attendance *)ret->at)[i]);
    return e;
}

enum err attendance_show(struct ctx *ctx, const struct session *s, int64_t student_id,
                         struct list *ret)
{
    struct presence_rule rule = {0};
    enum err e = presence_rule_of(ctx, s, &rule);

    return e ? e : attendance_show_by(ctx, s, &rule, student_id, ret);
}

enum err attendance_register_get(struct ctx *ctx, int64_t session_id,
                                 struct attendance_register *ret)
{
    struct session *s = ARENA_NEW(&ctx->arena, struct session);
    bool only_own = ctx->actor.role == ROLE_STUDENT;
    enum err e = session_get_for(ctx, session_id, s);

    e = e ? e : attendance_show(ctx, s, only_own ? ctx->actor.student_id : 0, &ret->records);
    if (!e)
        ret->session.at = s;
    return e;
}

enum err attendance_show_one(struct ctx *ctx, const struct session *s, int64_t student_id,
                             struct attendance *ret)
{
    struct list rows = {0};
    enum err e = attendance_show(ctx, s, student_id, &rows);

    if (e)
        return e;
    if (rows.n == 0)
        return fail(ctx, ERR_NOT_FOUND, "the student is not of this session");
    *ret = *(struct attendance *)rows.at;
    return ERR_OK;
}

struct attendance *attendance_row_of(const struct list *rows, int64_t student_id)
{
    struct attendance *all = rows->at;

    for (size_t i = 0; i < rows->n; i++)
        if (all[i].student_id == student_id)
            return &all[i];
    return NULL;
}

static bool may_see(const struct ctx *ctx, int64_t student_id)
{
    if (ctx->actor.role == ROLE_STUDENT)
        return ctx->actor.student_id == student_id;
    return ctx->actor.role != ROLE_GUARDIAN || actor_has_ward(&ctx->actor, student_id);
}

static void say_note(struct ctx *ctx, struct attendance_entry *entry)
{
    static const struct words_row notes[] = {
        {ATTENDANCE_NOT_THE_PERSON, "ce n’était pas cette personne", "لم يكن هذا الشخص"},
        {ATTENDANCE_DISPUTED, "contesté, et accepté", "اعتُرض عليه وقُبل الاعتراض"},
    };

    if (entry->note.set)
        entry->note_words.at = words_of(&ctx->arena, notes, COUNT(notes), entry->note.v);
}

static void name_facts(struct ctx *ctx, struct attendance_entry *entry)
{
    static const char *const names[] = {"fence", "subnet", "live", "offline"};

    entry->facts.at = ARENA_NEW_N(&ctx->arena, struct str, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++)
        if (entry->fact_bits & (1LL << i))
            entry->facts.at[entry->facts.n++] = str_of(names[i]);
}

enum err attendance_events(struct ctx *ctx, int64_t session_id, int64_t student_id,
                           struct list *ret)
{
    struct session s = {0};
    enum err e = session_get_for(ctx, session_id, &s);

    if (!e && !may_see(ctx, student_id))
        return ERR_NOT_FOUND;
    e = e ? e : attendance_fetch_entries(ctx, session_id, student_id, ret);
    for (size_t i = 0; !e && i < ret->n; i++) {
        name_facts(ctx, &((struct attendance_entry *)ret->at)[i]);
        say_note(ctx, &((struct attendance_entry *)ret->at)[i]);
    }
    return e;
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
    struct presence_tally tally;
    enum err e = student_get_for(ctx, in->student_id, &student);

    e = e ? e : attendance_fetch_summary(ctx, in, ret);
    if (e)
        return e;
    tally = (struct presence_tally){
        .sessions = ret->sessions,
        .present = ret->present,
        .late = ret->late,
        .partial = ret->partial,
        .left_early = ret->left_early,
        .remote = ret->remote,
        .absent = ret->absent,
        .excused = ret->excused,
        .weight = ret->weight,
    };
    ret->rate = presence_rate(&tally);
    return ERR_OK;
}
