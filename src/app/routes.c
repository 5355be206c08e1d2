/* SPDX-License-Identifier: MIT */
/* The list of route tables: one line per feature. */
#include "app/routes.h"

#include "alerts/alerts_api.h"
#include "attendance/attendance_api.h"
#include "attendance/corrections_api.h"
#include "auth/auth_api.h"
#include "calendar/calendar_api.h"
#include "check_in/check_in_api.h"
#include "check_in/marks_import_api.h"
#include "class_photo/class_photo_api.h"
#include "devices/devices_api.h"
#include "enrolment/consent_api.h"
#include "enrolment/duplicates_api.h"
#include "enrolment/enrolment_api.h"
#include "events/events_api.h"
#include "groups/groups_api.h"
#include "groups/moves_api.h"
#include "guardians/guardians_api.h"
#include "http/server.h"
#include "imports/imports_api.h"
#include "justifications/documents_api.h"
#include "justifications/justifications_api.h"
#include "justifications/reasons_api.h"
#include "kiosk/kiosk_api.h"
#include "liveness/liveness_api.h"
#include "offline/offline_api.h"
#include "presence/presence_api.h"
#include "privacy/privacy_api.h"
#include "punches/punches_api.h"
#include "recognition/recognition_api.h"
#include "registers/disputes_api.h"
#include "registers/registers_api.h"
#include "reports/reports_api.h"
#include "sessions/sessions_api.h"
#include "signals/signals_api.h"
#include "structure/structure_api.h"
#include "students/students_api.h"
#include "system/system_api.h"
#include "timetable/holidays_api.h"
#include "timetable/requests_api.h"
#include "timetable/series_api.h"
#include "trainers/trainers_api.h"
#include "users/users_api.h"

/* clang-format off */
static const struct route_table *const tables[] = {
    &http_system_api,
    &auth_api,
    &users_api,
    &structure_api,
    &groups_api,
    &moves_api,
    &trainers_api,
    &students_api,
    &guardians_api,
    &calendar_api,
    &presence_api,
    &sessions_api,
    &series_api,
    &holidays_api,
    &session_requests_api,
    &liveness_api,
    &attendance_api,
    &class_photo_api,
    &corrections_api,
    &registers_api,
    &disputes_api,
    &signals_api,
    &recognition_api,
    &consent_api,
    &enrolment_api,
    &duplicates_api,
    &imports_api,
    &reasons_api,
    &justifications_api,
    &documents_api,
    &privacy_api,
    &events_api,
    &system_api,
    &reports_api,
    &alerts_api,
    &check_in_api,
    &marks_import_api,
    &punches_api,
    &devices_api,
    &offline_api,
    &kiosk_api,
    NULL,
};
/* clang-format on */

const struct routes app_routes = {tables};
