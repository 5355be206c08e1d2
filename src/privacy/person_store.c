/* SPDX-License-Identifier: MIT */
/*
 * The one list of what an export holds. A new table with a student in it: add a part here, or a
 * row to person_left_out with the reason.
 */
#include "privacy/person_store.h"

#include "db/db.h"

#define F      PERSON_FIELD
#define T      PERSON_TIME
#define PART   PERSON_PART
#define NEWEST PERSON_NEWEST

PART(profile, F(id), F(number), F(name), F(birth_date), F(archived));
PART(account, F(id), F(email), F(name), F(role), F(active), F(archived), F(locale), F(time_zone),
     T(created_at), T(updated_at));
PART(logins, F(id), T(created_at), T(last_used_at), T(expires_at), F(ip), F(agent));
PART(memberships, F(id), F(group_id), F(name), T(from_day), T(to_day));
PART(guardians, F(id), F(name), F(kind), F(may_sign), T(created_at));
PART(past_guardians, F(id), F(name), F(kind), F(may_sign), T(created_at), T(ended_at),
     F(by_user_id));
PART(calendars, F(id), F(name), F(kind), T(created_at), T(last_used_at), T(ended_at));
PART(attendance, F(session_id), T(starts_at), F(module), F(status), F(code), F(derived), F(reason),
     F(method), T(marked_at), T(in_at), T(out_at), F(minutes_late), F(minutes_present),
     F(similarity), F(margin), F(threshold), F(note));
PART(attendance_events, F(id), F(session_id), T(at), T(occurred_at), T(client_at), F(kind),
     F(method), F(direction), F(said), F(code), F(before), F(after), F(inside_place),
     F(school_network), F(proved_alive), F(offline), F(client), F(device_id), T(in_at), T(out_at),
     F(minutes_late), F(similarity), F(margin), F(threshold), F(quality), F(liveness), F(model),
     F(note), F(by_user_id));
PART(disputes, F(id), F(session_id), T(created_at), F(status), F(before), F(note), F(state),
     F(result), T(resolved_at), F(by_user_id));
PART(signals, F(id), F(kind), F(session_id), T(created_at), F(times), F(state), F(note),
     T(resolved_at), F(by_user_id));
PART(corrections, F(id), T(at), F(by_user_id));
PART(consent, F(id), T(at), F(state), F(given_by), F(given_by_name), F(channel), F(text_version),
     F(text_hash), F(locale), F(of_age), F(by_user_id));
PART(face_templates, F(id), T(created_at), F(model), F(quality), F(pose), F(assurance), F(bytes));
PART(enrolments, F(id), T(at), F(source), F(assurance), F(templates), F(model), T(ended_at),
     F(reason), F(by_user_id));
PART(look_alike_cases, F(id), F(similarity), F(state), T(opened_at), T(resolved_at));
PART(careful_pairs, F(id), F(reason), F(times), T(created_at), T(updated_at));
PART(recognitions, F(id), T(at), F(way), F(session_id), F(decision), F(similarity), F(threshold),
     F(margin), F(quality), F(liveness), F(model), F(policy));
PART(liveness_checks, F(id), F(session_id), F(purpose), F(policy), F(state), F(outcome),
     T(created_at), T(finished_at));
PART(liveness_failures, F(failed), F(times), T(at));
PART(imported_photos, F(id), F(number), F(source), F(result), F(detail));
PART(certificates, F(id), T(at), F(reason), F(templates), F(document));
PART(justifications, F(id), T(created_at), T(starts_at), T(ended_at), F(reason), F(state), F(note),
     F(by_user_id));
PART(justification_steps, F(id), T(at), F(kind), F(state), F(note), F(by_user_id));
PART(justification_papers, F(id), T(at), F(name), F(kind), F(bytes), F(by_user_id));
PART(punches, F(id), T(at), F(number), F(kind), F(outcome), F(session_id));
PART(justification_sessions, F(id), F(session_id), T(in_at), T(out_at));
PART(alerts, F(id), F(kind), F(state), F(result), F(times), F(share), T(opened_at), T(updated_at),
     T(ended_at), F(by_user_id));
PART(alert_steps, F(id), T(at), F(kind), F(result), F(times), F(note), F(by_user_id));
PART(departure, T(at));

static const struct person_part parts[] = {
    {"profile", &profile_schema,
     "SELECT id, student_number AS number, name, birth_date, archived FROM student WHERE id = $1",
     "student"},
    {"account", &account_schema,
     "SELECT a.id, a.email, a.name, a.role, a.active, a.archived, a.locale, a.time_zone, "
     "a.created_at, a.updated_at"
     " FROM account a JOIN student s ON s.account_id = a.id WHERE s.id = $1",
     "account"},
    {"logins", &logins_schema,
     "SELECT l.id, l.created_at, l.last_used_at, l.expires_at, l.ip, l.user_agent AS agent"
     " FROM login l JOIN student s ON s.account_id = l.account_id WHERE s.id = $1" NEWEST,
     "login"},
    {"memberships", &memberships_schema,
     "SELECT m.id, m.group_id, g.name, m.from_day, m.to_day FROM group_member m"
     " JOIN class_group g ON g.id = m.group_id WHERE m.student_id = $1" NEWEST,
     "group_member"},
    {"guardians", &guardians_schema,
     "SELECT g.id, a.name, g.relation AS kind, g.may_sign, g.created_at FROM guardian g"
     " JOIN account a ON a.id = g.account_id WHERE g.student_id = $1" NEWEST,
     "guardian"},
    {"past_guardians", &past_guardians_schema,
     "SELECT g.id, a.name, g.relation AS kind, g.may_sign, g.created_at, g.ended_at,"
     " g.ended_by AS by_user_id FROM guardian_past g JOIN account a ON a.id = g.account_id"
     " WHERE g.student_id = $1" NEWEST,
     "guardian_past"},
    {"calendars", &calendars_schema,
     "SELECT f.id, f.name, f.subject AS kind, f.created_at, f.last_read_at AS last_used_at,"
     " f.revoked_at AS ended_at FROM calendar_feed f JOIN student s ON s.account_id = f.owner_id"
     " WHERE s.id = $1" NEWEST,
     "calendar_feed"},
    {"attendance", &attendance_schema,
     "SELECT r.session_id, s.starts_at, m.name AS module, r.status, r.code, r.derived, r.reason,"
     " r.method, r.marked_at, r.in_at, r.out_at, r.minutes_late, r.minutes_present,"
     " r.similarity, r.margin, r.threshold, r.note FROM attendance_record r"
     " JOIN session s ON s.id = r.session_id JOIN module m ON m.id = s.module_id"
     " WHERE r.student_id = $1" NEWEST,
     "attendance_record"},
    {"attendance_events", &attendance_events_schema,
     "SELECT id, session_id, at, occurred_at, client_at, kind, method, direction, said, code,"
     " status_before AS before, status_after AS after, facts & 1 AS inside_place,"
     " (facts / 2) & 1 AS school_network, (facts / 4) & 1 AS proved_alive,"
     " (facts / 8) & 1 AS offline, client, device_id, covers_from AS in_at, covers_to AS out_at,"
     " minutes_late, similarity, margin, threshold, quality, liveness, model, note,"
     " by_account_id AS by_user_id FROM attendance_event WHERE student_id = $1" NEWEST,
     "attendance_event"},
    {"disputes", &disputes_schema,
     "SELECT id, session_id, created_at, claimed AS status, status_then AS before,"
     " message AS note, state, answer AS result, decided_at AS resolved_at,"
     " decided_by AS by_user_id FROM dispute WHERE student_id = $1" NEWEST,
     "dispute"},
    {"signals", &signals_schema,
     "SELECT id, kind, session_id, created_at, times, state, outcome AS note,"
     " reviewed_at AS resolved_at, reviewed_by AS by_user_id FROM signal WHERE student_id = $1"
     " OR (student_id IS NULL AND " AMONG_THE_STUDENTS ")" NEWEST,
     "signal"},
    {"corrections", &corrections_schema,
     "SELECT event_id AS id, at, by_account_id AS by_user_id FROM mark_correction"
     " WHERE student_id = $1 OR actual_student_id = $1" NEWEST,
     "mark_correction"},
    {"consent", &consent_schema,
     "SELECT id, at, state, given_by, given_by_name, channel, text_version, text_hash, locale,"
     " of_age, by_account_id AS by_user_id FROM consent WHERE student_id = $1" NEWEST,
     "consent"},
    {"face_templates", &face_templates_schema,
     "SELECT id, created_at, model, quality, pose, assurance, length(sealed) AS bytes"
     " FROM face_template WHERE student_id = $1" NEWEST,
     "face_template"},
    {"enrolments", &enrolments_schema,
     "SELECT id, at, source, assurance, templates, model, ended_at, ended_why AS reason,"
     " by_account_id AS by_user_id FROM enrolment_history WHERE student_id = $1" NEWEST,
     "enrolment_history"},
    {"look_alike_cases", &look_alike_cases_schema,
     "SELECT id, similarity, state, opened_at, resolved_at FROM duplicate_case"
     " WHERE student_id = $1 OR other_student_id = $1" NEWEST,
     "duplicate_case"},
    {"careful_pairs", &careful_pairs_schema,
     "SELECT id, reason, times, created_at, updated_at FROM strict_pair"
     " WHERE a_student_id = $1 OR b_student_id = $1" NEWEST,
     "strict_pair"},
    {"recognitions", &recognitions_schema,
     "SELECT id, at, way, session_id, decision, similarity, threshold, margin, quality, liveness,"
     " model, policy FROM recognition WHERE student_id = $1" NEWEST,
     "recognition"},
    {"liveness_checks", &liveness_checks_schema,
     "SELECT id, session_id, purpose, policy, state, outcome, created_at, finished_at"
     " FROM liveness_session WHERE student_id = $1" NEWEST,
     "liveness_session"},
    {"liveness_failures", &liveness_failures_schema,
     "SELECT failed, in_a_row AS times, last_at AS at FROM liveness_failure WHERE student_id = $1",
     "liveness_failure"},
    {"imported_photos", &imported_photos_schema,
     "SELECT id, student_number AS number, source, result, detail FROM photo_import_row"
     " WHERE student_id = $1" NEWEST,
     "photo_import_row"},
    {"certificates", &certificates_schema,
     "SELECT id, at, reason, templates, document FROM deletion_certificate"
     " WHERE student_id = $1" NEWEST,
     "deletion_certificate"},
    {"justifications", &justifications_schema,
     "SELECT j.id, j.created_at, j.starts_at, j.ends_at AS ended_at, r.code AS reason, j.state,"
     " j.message AS note, j.created_by AS by_user_id FROM justification j"
     " JOIN absence_reason r ON r.id = j.reason_id WHERE j.student_id = $1" NEWEST,
     "justification"},
    {"justification_steps", &justification_steps_schema,
     "SELECT t.id, t.at, t.kind, t.state, t.message AS note, t.by_account_id AS by_user_id"
     " FROM justification_step t JOIN justification j ON j.id = t.justification_id"
     " WHERE j.student_id = $1" NEWEST,
     "justification_step"},
    {"justification_papers", &justification_papers_schema,
     "SELECT d.id, d.uploaded_at AS at, d.name, d.media_type AS kind, d.size_bytes AS bytes,"
     " d.uploaded_by AS by_user_id FROM justification_document d"
     " JOIN justification j ON j.id = d.justification_id WHERE j.student_id = $1" NEWEST,
     "justification_document"},
    {"justification_sessions", &justification_sessions_schema,
     "SELECT x.justification_id AS id, x.session_id, c.covers_from AS in_at, c.covers_to AS out_at"
     " FROM (SELECT justification_id, session_id FROM justification_session"
     " UNION SELECT justification_id, session_id FROM justification_cover) x"
     " JOIN justification j ON j.id = x.justification_id"
     " LEFT JOIN justification_cover c ON c.justification_id = x.justification_id"
     " AND c.session_id = x.session_id WHERE j.student_id = $1" NEWEST,
     "justification_session,justification_cover"},
    {"punches", &punches_schema,
     "SELECT p.id, p.punched_at AS at, p.identifier AS number, p.direction AS kind, p.outcome,"
     " p.session_id FROM punch p JOIN student s ON s.id = $1 WHERE p.student_id = s.id"
     " OR (p.student_id IS NULL AND p.identifier = s.student_number)" NEWEST,
     "punch"},
    {"alerts", &alerts_schema,
     "SELECT id, kind, state, level AS result, absences AS times, opened_at, updated_at,"
     " closed_at AS ended_at, owner_id AS by_user_id, share FROM alert WHERE student_id = "
     "$1" NEWEST,
     "alert"},
    {"alert_steps", &alert_steps_schema,
     "SELECT t.id, t.at, t.change AS kind, t.level AS result, t.absences AS times,"
     " t.message AS note, t.by_account_id AS by_user_id FROM alert_step t"
     " JOIN alert a ON a.id = t.alert_id WHERE a.student_id = $1" NEWEST,
     "alert_step"},
    {"departure", &departure_schema, "SELECT noticed_at AS at FROM departure WHERE student_id = $1",
     "departure"},
};
static const struct person_left_out left_out[] = {
    {"student_key", "the key that seals the face templates: showing it would open them"},
    {"code_use",
     "which codes were used: the check-ins are among the attendance; deleted after 7 days"},
    {"pin_failure", "a count of wrong PINs in a session, deleted after 7 days"},
    {"alert_due", "that the rules of absence are to be asked again, for some minutes"},
    {"event", "live events, copies of what is here, kept for one day"},
    {"class_photo",
     "a proposal with numbers of students, until it is confirmed or 24 hours at most"},
    {"class_photo_crop", "cut-out faces of such a proposal, sealed: nobody can ask whose they are"},
    {"refresh_token", "hashes of what keeps the logins that are listed alive"},
    {"idempotency", "answers to requests that were sent twice, kept for one day"},
};
const struct person_book student_book = {parts, COUNT(parts), left_out, COUNT(left_out)};

enum err person_fetch(struct ctx *ctx, const struct person_part *part, int64_t id, struct list *ret)
{
    return db_list(ctx, part->schema, ret, part->sql, ARGS(A(id)));
}
