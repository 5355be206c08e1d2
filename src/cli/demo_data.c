/* SPDX-License-Identifier: MIT */
/* The tables of the demo school. Portraits were looked at: given names go with the photos. */
#include "cli/demo_data.h"

#include <stddef.h>

enum { INF, BUS, ELE };
enum { INF_1A, INF_1B, BUS_1A, ELE_1A };
enum { KARIM, ELISE, JAMES };
enum { PRG, NET, OFF, DBS, ACC, MKT, CIR, AUT, MAT };
enum { BY_VIDEO = -1, R101, AMPHI, LAB_INF, LAB_ELE };
enum { A = 1 << INF_1A, B = 1 << INF_1B, C = 1 << BUS_1A, E = 1 << ELE_1A };

const int16_t demo_periods[3][2] = {{510, 630}, {645, 765}, {840, 960}};

const char *const demo_admin_name = "Nadia Chérif";

const struct demo_thing demo_programmes[DEMO_PROGRAMMES] = {
    [INF] = {"INF", "Computer Science and Networks", 0, 0, 0},
    [BUS] = {"BUS", "Business Administration", 0, 0, 0},
    [ELE] = {"ELE", "Electrical Engineering", 0, 0, 0},
};

const struct demo_thing demo_modules[DEMO_MODULES] = {
    [PRG] = {"PRG-1", "Programming in C", 60, INF, KARIM},
    [NET] = {"NET-1", "Networks and Protocols", 45, INF, KARIM},
    [OFF] = {"OFF-1", "Office Software", 30, BUS, KARIM},
    [DBS] = {"DBS-1", "Databases", 45, INF, ELISE},
    [ACC] = {"ACC-1", "Accounting", 60, BUS, ELISE},
    [MKT] = {"MKT-1", "Marketing", 30, BUS, ELISE},
    [CIR] = {"CIR-1", "Electric Circuits", 60, ELE, JAMES},
    [AUT] = {"AUT-1", "Automation", 45, ELE, JAMES},
    [MAT] = {"MAT-1", "Discrete Mathematics", 45, INF, JAMES},
};

const struct demo_thing demo_rooms[DEMO_ROOMS] = {
    [R101] = {"R101", "Room 101", 30, 0, 0},
    [AMPHI] = {"AMPHI", "Amphitheatre Ibn al-Haytham", 120, 0, 0},
    [LAB_INF] = {"LAB-INF", "Computer Lab", 24, 0, 0},
    [LAB_ELE] = {"LAB-ELE", "Electronics Lab", 16, 0, 0},
};

const struct demo_thing demo_groups[DEMO_GROUPS] = {
    [INF_1A] = {"INF-1A", "Computer Science 1A", 0, INF, 0},
    [INF_1B] = {"INF-1B", "Computer Science 1B", 0, INF, 0},
    [BUS_1A] = {"BUS-1A", "Business 1A", 0, BUS, 0},
    [ELE_1A] = {"ELE-1A", "Electrical 1A", 0, ELE, 0},
};

const struct demo_trainer demo_trainers[DEMO_TRAINERS] = {
    [KARIM] = {"Karim Benali", "karim.benali", "programming, networks"},
    [ELISE] = {"Élise Marchand", "elise.marchand", "databases, accounting, marketing"},
    [JAMES] = {"James Okafor", "james.okafor", "electronics, automation, mathematics"},
};

#define IN(group_) .group = (group_)
#define FACE(id_)  .portrait = (id_), .consent = CONSENT_GIVEN
#define TARDY      .habit = HABIT_TARDY
#define AWAY       .habit = HABIT_AWAY
#define FR         .locale = "fr"
#define AR         .locale = "ar"

const struct demo_student demo_students[DEMO_STUDENTS] = {
    {"Yacine Brahimi", "yacine.brahimi", FACE("p05"), IN(INF_1A), .age = 21},
    {"Kwame Mensah", "kwame.mensah", FACE("p01"), IN(INF_1A), .age = 24},
    {"Aminata Diallo", "aminata.diallo", FACE("p16"), IN(INF_1A), .age = 22, FR},
    {"Leïla Haddad", "leila.haddad", FACE("p17"), IN(INF_1A), .age = 23, FR},
    {"Arjun Nair", "arjun.nair", FACE("p19"), IN(INF_1A), .age = 27},
    {"Emily Carter", "emily.carter", FACE("p20"), IN(INF_1A), .age = 26},
    {"أنس بن يوسف", "anas.benyoussef", FACE("p13"), IN(INF_1A), .age = 17, AR,
     .guardian = "هدى بن يوسف"},
    {"Nguyễn Minh Khôi", "khoi.nguyen", FACE("p24"), IN(INF_1A), .age = 20},
    {"Étienne Girard", "etienne.girard", FACE("p34"), IN(INF_1A), .age = 21, FR, TARDY},
    {"Viktor Lindström", "viktor.lindstrom", FACE("p31"), IN(INF_1A), .age = 25},
    {"Omar Benjelloun", "omar.benjelloun", IN(INF_1A), .age = 22, AWAY},
    {"Ngozi Eze", "ngozi.eze", IN(INF_1A), .age = 20, .consent = CONSENT_GIVEN},

    {"Łukasz Wójcik", "lukasz.wojcik", FACE("p02"), IN(INF_1B), .age = 23},
    {"Saoirse Byrne", "saoirse.byrne", FACE("p04"), IN(INF_1B), .age = 24},
    {"Mehdi El Amrani", "mehdi.elamrani", FACE("p08"), IN(INF_1B), .age = 22, TARDY},
    {"Julien Lefèvre", "julien.lefevre", FACE("p11"), IN(INF_1B), .age = 28, FR},
    {"سلمى العلوي", "salma.alaoui", FACE("p18"), IN(INF_1B), .age = 21, AR},
    {"Mateo Fernández", "mateo.fernandez", FACE("p21"), IN(INF_1B), .age = 26},
    {"Kenji Takahashi", "kenji.takahashi", FACE("p26"), IN(INF_1B), .age = 25},
    {"Priya Raman", "priya.raman", FACE("p27"), IN(INF_1B), .age = 24},
    {"Zoé Mbarga", "zoe.mbarga", FACE("p30"), IN(INF_1B), .age = 27, FR},
    {"Rizky Pratama", "rizky.pratama", FACE("p36"), IN(INF_1B), .age = 23},
    {"مريم الحسني", "maryam.hassani", IN(INF_1B), .age = 19, AR},
    {"Ivana Kovačić", "ivana.kovacic", IN(INF_1B), .age = 21, .consent = CONSENT_GIVEN, AWAY},

    {"Adil Bouazza", "adil.bouazza", FACE("p03"), IN(BUS_1A), .age = 29},
    {"Katarína Nováková", "katarina.novakova", FACE("p06"), IN(BUS_1A), .age = 23},
    {"Patrick O'Sullivan", "patrick.osullivan", FACE("p09"), IN(BUS_1A), .age = 58},
    {"Søren Kjær", "soren.kjaer", FACE("p15"), IN(BUS_1A), .age = 30},
    {"Callum Fraser", "callum.fraser", FACE("p22"), IN(BUS_1A), .age = 29, TARDY},
    {"Hélène Dubois", "helene.dubois", FACE("p25"), IN(BUS_1A), .age = 36, FR},
    {"Hiwot Tesfaye", "hiwot.tesfaye", FACE("p29"), IN(BUS_1A), .age = 22},
    {"Thandiwe Dlamini", "thandiwe.dlamini", FACE("p32"), IN(BUS_1A), .age = 25},
    {"Freya O'Connell", "freya.oconnell", FACE("p38"), IN(BUS_1A), .age = 24},
    {"Dinesh Perera", "dinesh.perera", FACE("p40"), IN(BUS_1A), .age = 31},
    {"Chloé Martin", "chloe.martin", IN(BUS_1A), .age = 16, .consent = CONSENT_GIVEN, FR,
     .guardian = "Sophie Martin"},
    {"Samir Toumi", "samir.toumi", IN(BUS_1A), .age = 20, .consent = CONSENT_WITHDRAWN},

    {"Rafael Gonçalves", "rafael.goncalves", FACE("p07"), IN(ELE_1A), .age = 26},
    {"Nikos Papadopoulos", "nikos.papadopoulos", FACE("p10"), IN(ELE_1A), .age = 27},
    {"Tomás Ibáñez", "tomas.ibanez", FACE("p12"), IN(ELE_1A), .age = 30, AWAY},
    {"Emre Yıldız", "emre.yildiz", FACE("p14"), IN(ELE_1A), .age = 23},
    {"Inês Carvalho", "ines.carvalho", FACE("p23"), IN(ELE_1A), .age = 22},
    {"كريم المنصوري", "karim.mansouri", FACE("p28"), IN(ELE_1A), .age = 31, AR},
    {"Ximena Ramírez", "ximena.ramirez", FACE("p33"), IN(ELE_1A), .age = 25},
    {"Bartosz Zieliński", "bartosz.zielinski", FACE("p35"), IN(ELE_1A), .age = 33},
    {"Imran Qureshi", "imran.qureshi", FACE("p37"), IN(ELE_1A), .age = 24},
    {"Jonas Weiß", "jonas.weiss", FACE("p39"), IN(ELE_1A), .age = 28, TARDY},
    {"Thérèse Kouassi", "therese.kouassi", IN(ELE_1A), .age = 21, FR},
    {"Baptiste Roux", "baptiste.roux", IN(ELE_1A), .age = 19, FR},
};

enum { MON = 1, TUE, WED, THU, FRI };

const struct demo_lesson demo_timetable[DEMO_LESSONS] = {
    {MON, 0, PRG, A, LAB_INF, "lab"},      {MON, 0, ACC, C, R101, "course"},
    {MON, 0, CIR, E, LAB_ELE, "lab"},      {MON, 1, PRG, B, LAB_INF, "lab"},
    {MON, 1, DBS, A, R101, "course"},      {MON, 1, AUT, E, LAB_ELE, "lab"},
    {MON, 2, OFF, C, LAB_INF, "workshop"}, {MON, 2, DBS, B, R101, "course"},
    {MON, 2, MAT, A, AMPHI, "course"},

    {TUE, 0, NET, A, LAB_INF, "lab"},      {TUE, 0, MKT, C, R101, "course"},
    {TUE, 0, MAT, B, AMPHI, "course"},     {TUE, 1, NET, B, LAB_INF, "lab"},
    {TUE, 1, ACC, C, R101, "course"},      {TUE, 1, CIR, E, LAB_ELE, "course"},
    {TUE, 2, PRG, A | B, AMPHI, "course"}, {TUE, 2, AUT, E, LAB_ELE, "workshop"},

    {WED, 0, DBS, A | B, AMPHI, "course"}, {WED, 0, OFF, C, LAB_INF, "workshop"},
    {WED, 0, CIR, E, LAB_ELE, "lab"},      {WED, 1, PRG, B, LAB_INF, "lab"},
    {WED, 1, MKT, C, R101, "workshop"},    {WED, 1, MAT, A, AMPHI, "course"},
    {WED, 2, ACC, C, BY_VIDEO, "course"},  {WED, 2, AUT, E, LAB_ELE, "course"},

    {THU, 0, PRG, A, LAB_INF, "lab"},      {THU, 0, ACC, C, R101, "course"},
    {THU, 0, AUT, E, LAB_ELE, "lab"},      {THU, 1, NET, A, LAB_INF, "lab"},
    {THU, 1, DBS, B, R101, "course"},      {THU, 1, CIR, E, LAB_ELE, "lab"},
    {THU, 2, NET, B, LAB_INF, "lab"},      {THU, 2, MKT, C, BY_VIDEO, "course"},

    {FRI, 0, MAT, A | B, AMPHI, "course"}, {FRI, 0, ACC, C, R101, "exam"},
    {FRI, 1, NET, A | B, AMPHI, "course"}, {FRI, 1, MKT, C, R101, "course"},
    {FRI, 1, CIR, E, LAB_ELE, "exam"},     {FRI, 2, DBS, A, R101, "workshop"},
    {FRI, 2, AUT, E, LAB_ELE, "lab"},
};

const struct demo_lesson demo_lessons_now[DEMO_TRAINERS] = {
    [KARIM] = {0, 0, PRG, A, LAB_INF, "lab"},
    [ELISE] = {0, 0, ACC, C, R101, "course"},
    [JAMES] = {0, 0, CIR, E, LAB_ELE, "lab"},
};

const struct demo_lesson demo_lesson_open = {0, 0, AUT, E, LAB_ELE, "course"};
