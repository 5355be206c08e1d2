/* SPDX-License-Identifier: MIT */
/*
 * The list of what the export of an account holds: of trainers, guardians and administrators, and
 * of students what hangs on the account. Of other people it shows numbers, not names: the export is
 * about one person. A new table with an account in it: add a part here, or a row to left_out.
 */
#include "db/db.h"
#include "privacy/person_store.h"

#define F      PERSON_FIELD
#define T      PERSON_TIME
#define PART   PERSON_PART
#define NEWEST PERSON_NEWEST

PART(account, F(id), F(email), F(name), F(role), F(active), F(archived), F(locale), F(time_zone),
     T(created_at), T(updated_at));
PART(logins, F(id), T(created_at), T(last_used_at), T(expires_at), T(ended_at), F(ip), F(agent));
PART(trainer, F(id), F(note), F(archived));
PART(student, F(student_id), F(number));
PART(guardian_of, F(id), F(student_id), F(kind), F(may_sign), T(created_at), T(ended_at));
PART(calendars, F(id), F(name), F(student_id), F(kind), T(created_at), T(last_used_at),
     T(ended_at));
PART(offline_clients, F(id), F(name), T(created_at), T(last_used_at), T(ended_at));
PART(offline_events, F(id), T(at), T(created_at), F(outcome), F(reason));
PART(sessions, F(session_id), T(starts_at), T(ended_at), F(module), F(state), F(reason));
PART(series, F(id), F(module), F(first_day), F(last_day), T(created_at));
PART(session_requests, F(id), T(created_at), F(module), T(starts_at), T(ended_at), F(note),
     F(state), F(result), T(resolved_at), F(by_user_id));
PART(hand_overs, F(id), T(at), F(session_id), F(kind), F(reason), F(by_user_id));
PART(attendance_events, F(id), F(session_id), F(student_id), T(at), F(kind), F(method), F(said),
     F(note));
PART(corrections, F(id), T(at), F(student_id));
PART(consent, F(id), T(at), F(student_id), F(state), F(given_by), F(channel));
PART(enrolments, F(id), T(at), F(student_id), F(source), T(ended_at));
PART(class_photos, F(id), T(created_at), F(session_id), F(state), T(expires_at));
PART(imports, F(id), T(created_at), F(source), F(state), T(finished_at));
PART(justifications, F(id), T(created_at), F(student_id), F(kind), F(state));
PART(justification_steps, F(id), T(at), F(kind), F(state), F(note));
PART(justification_papers, F(id), T(at), F(name), F(kind), F(bytes));
PART(disputes, F(id), T(created_at), F(session_id), F(state), F(result), T(resolved_at));
PART(signals, F(id), T(created_at), F(session_id), F(kind), F(state), F(note), T(resolved_at));
PART(look_alike_cases, F(id), T(opened_at), F(state), F(note), T(resolved_at));
PART(careful_pairs, F(id), T(created_at), T(updated_at), F(reason));
PART(alerts, F(id), T(opened_at), F(student_id), F(kind), F(state), T(ended_at));
PART(alert_steps, F(id), T(at), F(kind), F(note));
PART(devices, F(id), F(name), F(kind), T(created_at), T(ended_at));
PART(settings, F(kind), T(at), F(note));

static const struct person_part parts[] = {
    {"account", &account_schema,
     "SELECT id, email, name, role, active, archived, locale, time_zone, created_at, updated_at"
     " FROM account WHERE id = $1",
     "account"},
    {"logins", &logins_schema,
     "SELECT id, created_at, last_used_at, expires_at, revoked_at AS ended_at, ip,"
     " user_agent AS agent FROM login WHERE account_id = $1" NEWEST,
     "login"},
    {"trainer", &trainer_schema,
     "SELECT id, specialities AS note, archived FROM trainer WHERE account_id = $1", "trainer"},
    {"student", &student_schema,
     "SELECT id AS student_id, student_number AS number FROM student WHERE account_id = $1",
     "student"},
    {"guardian_of", &guardian_of_schema,
     "SELECT id, student_id, relation AS kind, may_sign, created_at, ended_at FROM ("
     "SELECT id, student_id, relation, may_sign, created_at, CAST(NULL AS BIGINT) AS ended_at"
     " FROM guardian WHERE account_id = $1 UNION ALL SELECT id, student_id, relation, may_sign,"
     " created_at, ended_at FROM guardian_past WHERE account_id = $1) g"
     " ORDER BY created_at DESC, id DESC LIMIT 10000",
     "guardian,guardian_past"},
    {"calendars", &calendars_schema,
     "SELECT id, CASE WHEN subject IN ('group', 'room') THEN name END AS name,"
     " CASE WHEN subject = 'student' THEN subject_id END AS student_id, subject AS kind,"
     " created_at, last_read_at AS last_used_at, revoked_at AS ended_at FROM calendar_feed"
     " WHERE owner_id = $1" NEWEST,
     "calendar_feed"},
    {"offline_clients", &offline_clients_schema,
     "SELECT id, name, created_at, last_seen_at AS last_used_at, revoked_at AS ended_at"
     " FROM offline_client WHERE account_id = $1" NEWEST,
     "offline_client"},
    {"offline_events", &offline_events_schema,
     "SELECT e.client_id AS id, e.at, e.received_at AS created_at, e.outcome, e.reason"
     " FROM offline_event e JOIN offline_client c ON c.id = e.client_id WHERE c.account_id = $1"
     " ORDER BY e.received_at DESC, e.client_id, e.uid LIMIT 10000",
     "offline_event"},
    {"sessions", &sessions_schema,
     "SELECT s.id AS session_id, s.starts_at, s.ends_at AS ended_at, m.name AS module, s.state,"
     " s.cancel_reason AS reason FROM session s JOIN module m ON m.id = s.module_id"
     " JOIN trainer t ON t.id = s.trainer_id OR t.id = s.planned_trainer_id"
     " WHERE t.account_id = $1" NEWEST,
     "session"},
    {"series", &series_schema,
     "SELECT s.id, m.name AS module, s.first_day, s.last_day,"
     " s.created_at FROM series s JOIN module m ON m.id = s.module_id"
     " JOIN trainer t ON t.id = s.trainer_id WHERE t.account_id = $1" NEWEST,
     "series"},
    {"session_requests", &session_requests_schema,
     "SELECT r.id, r.created_at, m.name AS module, r.starts_at, r.ends_at AS ended_at,"
     " r.message AS note, r.state, r.answer AS result, r.decided_at AS resolved_at,"
     " r.decided_by AS by_user_id FROM session_request r JOIN module m ON m.id = r.module_id"
     " JOIN trainer t ON t.id = r.trainer_id WHERE t.account_id = $1 OR r.decided_by = $1" NEWEST,
     "session_request"},
    {"hand_overs", &hand_overs_schema,
     "SELECT h.id, h.at, h.session_id, CASE WHEN f.account_id = $1 THEN 'given'"
     " WHEN t.account_id = $1 THEN 'taken' ELSE 'done' END AS kind, h.reason,"
     " h.by_account_id AS by_user_id FROM hand_over h JOIN trainer f ON f.id = h.from_trainer_id"
     " JOIN trainer t ON t.id = h.to_trainer_id"
     " WHERE f.account_id = $1 OR t.account_id = $1 OR h.by_account_id = $1" NEWEST,
     "hand_over"},
    {"attendance_events", &attendance_events_schema,
     "SELECT id, session_id, student_id, at, kind, method, said, note FROM attendance_event"
     " WHERE by_account_id = $1" NEWEST,
     "attendance_event"},
    {"corrections", &corrections_schema,
     "SELECT event_id AS id, at, student_id FROM mark_correction WHERE by_account_id = $1" NEWEST,
     "mark_correction"},
    {"consent", &consent_schema,
     "SELECT id, at, student_id, state, given_by, channel FROM consent"
     " WHERE by_account_id = $1" NEWEST,
     "consent"},
    {"enrolments", &enrolments_schema,
     "SELECT id, at, student_id, source, ended_at FROM enrolment_history"
     " WHERE by_account_id = $1 OR ended_by = $1" NEWEST,
     "enrolment_history"},
    {"class_photos", &class_photos_schema,
     "SELECT id, created_at, session_id, state, expires_at FROM class_photo"
     " WHERE by_account_id = $1 OR confirmed_by = $1" NEWEST,
     "class_photo"},
    {"imports", &imports_schema,
     "SELECT id, created_at, source, state, finished_at FROM photo_import"
     " WHERE by_account_id = $1" NEWEST,
     "photo_import"},
    {"justifications", &justifications_schema,
     "SELECT id, created_at, student_id, CASE WHEN signed_by = $1 THEN 'signed'"
     " WHEN decided_by = $1 THEN 'decided' ELSE 'made' END AS kind, state FROM justification"
     " WHERE created_by = $1 OR signed_by = $1 OR decided_by = $1" NEWEST,
     "justification"},
    {"justification_steps", &justification_steps_schema,
     "SELECT id, at, kind, state, message AS note FROM justification_step"
     " WHERE by_account_id = $1" NEWEST,
     "justification_step"},
    {"justification_papers", &justification_papers_schema,
     "SELECT id, uploaded_at AS at, name, media_type AS kind, size_bytes AS bytes"
     " FROM justification_document WHERE uploaded_by = $1" NEWEST,
     "justification_document"},
    {"disputes", &disputes_schema,
     "SELECT id, created_at, session_id, state, answer AS result, decided_at AS resolved_at"
     " FROM dispute WHERE decided_by = $1" NEWEST,
     "dispute"},
    {"signals", &signals_schema,
     "SELECT id, created_at, session_id, kind, state, outcome AS note, reviewed_at AS resolved_at"
     " FROM signal WHERE reviewed_by = $1" NEWEST,
     "signal"},
    {"look_alike_cases", &look_alike_cases_schema,
     "SELECT id, opened_at, state, note, resolved_at FROM duplicate_case"
     " WHERE resolved_by = $1" NEWEST,
     "duplicate_case"},
    {"careful_pairs", &careful_pairs_schema,
     "SELECT id, created_at, updated_at, reason FROM strict_pair WHERE seen_by = $1" NEWEST,
     "strict_pair"},
    {"alerts", &alerts_schema,
     "SELECT a.id, a.opened_at, a.student_id, a.kind, a.state, a.closed_at AS ended_at"
     " FROM alert a LEFT JOIN trainer t ON t.id = a.trainer_id"
     " WHERE a.owner_id = $1 OR t.account_id = $1" NEWEST,
     "alert"},
    {"alert_steps", &alert_steps_schema,
     "SELECT id, at, change AS kind, message AS note FROM alert_step"
     " WHERE by_account_id = $1 OR owner_id = $1" NEWEST,
     "alert_step"},
    {"devices", &devices_schema,
     "SELECT id, name, kind, created_at, revoked_at AS ended_at FROM device"
     " WHERE created_by = $1" NEWEST,
     "device"},
    {"settings", &settings_schema,
     "SELECT x.kind, x.at, x.note FROM (SELECT 'liveness' AS kind, updated_at AS at, way AS note"
     " FROM liveness_policy WHERE updated_by = $1 UNION ALL SELECT 'threshold', set_at, ''"
     " FROM school_threshold WHERE set_by = $1) x ORDER BY x.at DESC, x.note",
     "liveness_policy,school_threshold"},
};

static const struct person_left_out left_out[] = {
    {"attendance_record", "who set the mark that counts now: it follows from the events listed"},
    {"refresh_token", "hashes of what keeps the logins that are listed alive"},
    {"idempotency", "answers to requests that were sent twice, kept for one day"},
    {"event", "live events, copies of what is here, kept for one day"},
};
const struct person_book account_book = {parts, COUNT(parts), left_out, COUNT(left_out)};
