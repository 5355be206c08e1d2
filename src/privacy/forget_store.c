/* SPDX-License-Identifier: MIT */
/*
 * The one list of what is forgotten, in the order in which tables point at each other. A new table
 * with a person in it: add a step here, or say why it is kept.
 */
#include "privacy/forget_store.h"

#include "base/macros.h"

#include "db/db.h"
#include "privacy/person_store.h"

/*
 * How PostgreSQL writes the table anew, with the rows there are and nothing else, and learns it
 * anew: its statistics hold values of rows, too. Any column of whole numbers without a key does.
 */
#define CLEANED(table_, number_)                                                                   \
    "SET LOCAL lock_timeout = 500; ALTER TABLE " table_ " ALTER COLUMN " number_                   \
    " TYPE BIGINT USING " number_ " + 0",                                                          \
        "VACUUM " table_, "ANALYZE " table_
#define DELETE_FROM(table_, number_, where_)                                                       \
    {                                                                                              \
        table_, "DELETE FROM " table_ " WHERE " where_, NULL, true, CLEANED(table_, number_)       \
    }
#define EMPTY(table_, number_, set_, where_)                                                       \
    {                                                                                              \
        table_, "UPDATE " table_ " SET " set_ " WHERE " where_, NULL, false,                       \
            CLEANED(table_, number_)                                                               \
    }
#define KEPT(table_, why_)                                                                         \
    {                                                                                              \
        table_, NULL, why_, false, NULL, NULL, NULL                                                \
    }
#define OF_STUDENT        "student_id = $1"
#define OWN_JUSTIFICATION "justification_id IN (SELECT id FROM justification WHERE student_id = $1)"
#define OWN_ACCOUNT       "(SELECT account_id FROM student WHERE id = $1)"
#define OF_ACCOUNT        "account_id = $1"

const struct forget_step forget_student_steps[] = {
    DELETE_FROM("justification_document", "uploaded_at", OWN_JUSTIFICATION),
    EMPTY("justification_step", "at", "message = ''", OWN_JUSTIFICATION),
    EMPTY("justification", "created_at", "message = '', answer = NULL", OF_STUDENT),
    EMPTY("alert_step", "at", "message = ''",
          "alert_id IN (SELECT id FROM alert WHERE student_id = $1)"),
    EMPTY("dispute", "created_at", "message = '', answer = NULL", OF_STUDENT),
    DELETE_FROM("signal", "created_at",
                "student_id = $1 OR (student_id IS NULL AND " AMONG_THE_STUDENTS ")"),
    DELETE_FROM("punch", "received_at",
                "student_id = $1 OR (student_id IS NULL AND identifier ="
                " (SELECT student_number FROM student WHERE id = $1))"),
    EMPTY("attendance_event", "at", "note = NULL, note_salt = NULL", OF_STUDENT),
    EMPTY("attendance_record", "marked_at", "note = NULL", OF_STUDENT),
    EMPTY("consent", "at", "given_by_name = NULL", OF_STUDENT),
    DELETE_FROM("guardian", "created_at", OF_STUDENT),
    DELETE_FROM("guardian_past", "created_at", OF_STUDENT),
    EMPTY("photo_import_row", "tries", "student_number = '', files = '[]', detail = NULL",
          OF_STUDENT),
    DELETE_FROM("enrolment_history", "at", OF_STUDENT),
    DELETE_FROM("departure", "noticed_at", OF_STUDENT),
    DELETE_FROM("alert_due", "since", OF_STUDENT),
    DELETE_FROM("code_use", "at", OF_STUDENT),
    DELETE_FROM("pin_failure", "last_at", OF_STUDENT),
    DELETE_FROM("event", "at",
                "student_id = $1 OR (account_id <> 0 AND account_id = " OWN_ACCOUNT ")"),
    DELETE_FROM("calendar_feed", "created_at",
                "owner_id = " OWN_ACCOUNT " OR (subject = 'student' AND subject_id = $1)"),
    DELETE_FROM("idempotency", "created_at", "owner = 'account:' || " OWN_ACCOUNT),
    DELETE_FROM("refresh_token", "created_at",
                "login_id IN (SELECT id FROM login WHERE account_id = " OWN_ACCOUNT ")"),
    DELETE_FROM("login", "created_at", "account_id = " OWN_ACCOUNT),
    EMPTY("account", "version",
          "email = 'forgotten-' || id || '@invalid', email_norm = 'forgotten-' || id || '@invalid',"
          " name = '#' || CAST($1 AS TEXT), name_norm = '#' || CAST($1 AS TEXT), active = 0, "
          "archived = 1, password_hash = '',"
          " version = version + 1",
          "id = " OWN_ACCOUNT),
    EMPTY("student", "version",
          "name = '#' || id, name_norm = '#' || id, student_number = 'forgotten-' || id,"
          " birth_date = NULL, version = version + 1",
          "id = $1"),
    KEPT("alert", "numbers and days; the register follows from them"),
    KEPT("group_member", "which group on which days: the register follows from it"),
    KEPT("justification_session", "which sessions a justification was about, by number"),
    KEPT("justification_cover", "which absences are excused, by number"),
    KEPT("mark_correction", "that a mark by a face was wrong, by number"),
    KEPT("deletion_certificate", "the proof of a deletion; it names nobody"),
    KEPT("face_template", "destroyed with the certificate"),
    KEPT("student_key", "destroyed with the certificate"),
    KEPT("strict_pair", "destroyed with the certificate"),
    KEPT("duplicate_case", "destroyed with the certificate"),
    KEPT("liveness_session", "destroyed with the certificate"),
    KEPT("liveness_failure", "destroyed with the certificate"),
    KEPT("recognition", "numbers of decisions, unnamed with the certificate"),
};
const size_t n_forget_student_steps = COUNT(forget_student_steps);

#define OWN_TRAINER "(SELECT id FROM trainer WHERE account_id = $1)"

const struct forget_step forget_account_steps[] = {
    DELETE_FROM("guardian", "created_at", OF_ACCOUNT),
    DELETE_FROM("guardian_past", "created_at", OF_ACCOUNT),
    DELETE_FROM("calendar_feed", "created_at",
                "owner_id = $1 OR (subject = 'trainer' AND subject_id = " OWN_TRAINER ")"),
    DELETE_FROM("idempotency", "created_at",
                "owner = 'account:' || (SELECT id FROM account WHERE id = $1)"),
    EMPTY("offline_client", "created_at",
          "name = '', master_key_id = NULL, wrapped = NULL,"
          " revoked_at = coalesce(revoked_at, last_seen_at, created_at)",
          OF_ACCOUNT),
    EMPTY("session_request", "created_at", "message = ''", "trainer_id = " OWN_TRAINER),
    EMPTY("hand_over", "at", "reason = ''",
          "from_trainer_id = " OWN_TRAINER " OR to_trainer_id = " OWN_TRAINER),
    EMPTY("trainer", "version", "specialities = '', version = version + 1", OF_ACCOUNT),
    DELETE_FROM("event", "at", OF_ACCOUNT " OR (trainer_id <> 0 AND trainer_id = " OWN_TRAINER ")"),
    DELETE_FROM("refresh_token", "created_at",
                "login_id IN (SELECT id FROM login WHERE account_id = $1)"),
    DELETE_FROM("login", "created_at", OF_ACCOUNT),
    EMPTY("account", "version",
          "email = 'forgotten-' || id || '@invalid', email_norm = 'forgotten-' || id || '@invalid',"
          " name = '@' || id, name_norm = '@' || id, active = 0, archived = 1, password_hash = '',"
          " version = version + 1",
          "id = $1"),
    KEPT("student", "the account of a student is forgotten with the student"),
    KEPT("session", "who was to hold it and who did, by number"),
    KEPT("series", "whose lessons they were, by number"),
    KEPT("attendance_event", "who wrote it down, by number; what was written is about students"),
    KEPT("attendance_record", "who set the mark, by number"),
    KEPT("mark_correction", "who corrected a mark, by number"),
    KEPT("consent", "who recorded it, by number"),
    KEPT("enrolment_history", "who enrolled, by number"),
    KEPT("class_photo", "who took it, by number, until it is confirmed or 24 hours at most"),
    KEPT("photo_import", "who sent it, by number"),
    KEPT("justification", "who made, signed and decided it, by number"),
    KEPT("justification_step", "who did what, by number; what was said is the student's"),
    KEPT("justification_document", "who sent it, by number; the paper is the student's"),
    KEPT("dispute", "who decided, by number"),
    KEPT("signal", "who judged, by number"),
    KEPT("duplicate_case", "who judged, by number"),
    KEPT("strict_pair", "who saw it, by number"),
    KEPT("alert", "who cares, by number"),
    KEPT("alert_step", "who did what, by number; what was said is about the student"),
    KEPT("device", "who set it up, by number"),
    KEPT("liveness_policy", "who changed it, by number"),
    KEPT("school_threshold", "who set it, by number"),
};
const size_t n_forget_account_steps = COUNT(forget_account_steps);

enum err forget_proofs(struct ctx *ctx, int64_t student_id, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM deletion_certificate"
                  " WHERE student_id = $1 AND reason = 'forgotten'",
                  ARGS(A(student_id)), ret);
}

enum err forget_hold_account(struct ctx *ctx, int64_t account_id)
{
    return db_exec(ctx, "UPDATE account SET archived = 1 WHERE id = $1 AND archived = 1",
                   ARGS(A(account_id)));
}

enum err forget_run(struct ctx *ctx, const struct forget_step *step, int64_t id, int64_t *ret)
{
    return db_exec_n(ctx, step->sql, ARGS(A(id)), ret);
}
