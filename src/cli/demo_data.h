/* SPDX-License-Identifier: MIT */
#pragma once
/* Who and what the demo school is made of. All people are invented. */
#include <stdbool.h>
#include <stdint.h>

enum {
    DEMO_PROGRAMMES = 3,
    DEMO_MODULES = 9,
    DEMO_ROOMS = 4,
    DEMO_GROUPS = 4,
    DEMO_TRAINERS = 3,
    DEMO_STUDENTS = 48,
    DEMO_LESSONS = 40,
};

/* One password for every account of the demo school, and for nothing else. */
#define DEMO_PASSWORD    "quiet-Harbour-42"
#define DEMO_DOMAIN      "demo.school"
#define DEMO_ADMIN_EMAIL "admin@" DEMO_DOMAIN

struct demo_thing {
    const char *code, *name;
    int64_t number;   /* a room's places, a module's hours */
    int8_t programme; /* of a module or group */
    int8_t trainer;   /* of a module */
};

struct demo_trainer {
    const char *name, *login, *specialities;
};

enum demo_consent { CONSENT_NONE, CONSENT_GIVEN, CONSENT_WITHDRAWN };

/* How reliably somebody comes. */
enum demo_habit { HABIT_STEADY, HABIT_TARDY, HABIT_AWAY };

struct demo_student {
    const char *name, *login;
    const char *portrait; /* id in portraits.json; NULL: none */
    int8_t group;
    int8_t age;
    enum demo_consent consent;
    const char *guardian; /* of a minor: who consented */
    const char *locale;
    enum demo_habit habit;
};

/* A row of the weekly timetable. */
struct demo_lesson {
    int8_t day;     /* 1 is Monday */
    int8_t period;  /* 0, 1, 2 */
    int8_t module;  /* says who teaches */
    uint8_t groups; /* a bit for each */
    int8_t room;    /* -1: none, by video */
    const char *kind;
};

/* When periods begin and end: minutes of the local day. */
extern const int16_t demo_periods[3][2];

extern const char *const demo_admin_name;
extern const struct demo_thing demo_programmes[DEMO_PROGRAMMES];
extern const struct demo_thing demo_modules[DEMO_MODULES];
extern const struct demo_thing demo_rooms[DEMO_ROOMS];
extern const struct demo_thing demo_groups[DEMO_GROUPS];
extern const struct demo_trainer demo_trainers[DEMO_TRAINERS];
extern const struct demo_student demo_students[DEMO_STUDENTS];
extern const struct demo_lesson demo_timetable[DEMO_LESSONS];
/* Beginning now, one for each trainer in order; and one that is under way (day and period idle). */
extern const struct demo_lesson demo_lessons_now[DEMO_TRAINERS];
extern const struct demo_lesson demo_lesson_open;
