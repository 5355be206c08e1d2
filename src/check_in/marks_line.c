/* SPDX-License-Identifier: MIT */
/* Words that people use in their lists, and what the register calls them. */
#include "check_in/marks_line.h"

#include "base/fold.h"
#include "base/zone.h"

#include "presence/codes.h"

enum { NUMBER_MAX = 40, SHOWN_MAX = 100, FAR_MS = 24 * 3600 * 1000, AHEAD_MS = 5 * 60 * 1000 };

static const char *const column_names[MARKS_COLUMNS] = {"student_number", "status", "at", "note"};

/* As str_fold leaves them, with spaces for underscores. */
static const struct {
    const char *name;
    enum marks_column column;
} headers[] = {
    {"student number", MARKS_NUMBER},
    {"student", MARKS_NUMBER},
    {"number", MARKS_NUMBER},
    {"numero etudiant", MARKS_NUMBER},
    {"numero d'etudiant", MARKS_NUMBER},
    {"numero", MARKS_NUMBER},
    {"matricule", MARKS_NUMBER},
    {"status", MARKS_STATUS},
    {"statut", MARKS_STATUS},
    {"etat", MARKS_STATUS},
    {"presence", MARKS_STATUS},
    {"at", MARKS_AT},
    {"time", MARKS_AT},
    {"heure", MARKS_AT},
    {"date et heure", MARKS_AT},
    {"note", MARKS_NOTE},
    {"comment", MARKS_NOTE},
    {"remarque", MARKS_NOTE},
    {"commentaire", MARKS_NOTE},
};

static const struct {
    const char *name;
    enum presence_status status;
} statuses[] = {
    {"present", PRESENCE_PRESENT},       {"late", PRESENCE_LATE},
    {"retard", PRESENCE_LATE},           {"en retard", PRESENCE_LATE},
    {"partial", PRESENCE_PARTIAL},       {"partiel", PRESENCE_PARTIAL},
    {"left early", PRESENCE_LEFT_EARLY}, {"parti", PRESENCE_LEFT_EARLY},
    {"excused", PRESENCE_EXCUSED},       {"excuse", PRESENCE_EXCUSED},
    {"justifie", PRESENCE_EXCUSED},      {"absent", PRESENCE_ABSENT},
    {"remote", PRESENCE_REMOTE},         {"a distance", PRESENCE_REMOTE},
};

static struct str plain_words(struct ctx *ctx, struct str s)
{
    char *copy = arena_alloc(&ctx->arena, s.len + 1);

    for (size_t i = 0; i < s.len; i++)
        copy[i] = s.at[i];
    for (size_t i = 0; i < s.len; i++)
        if (copy[i] == '_')
            copy[i] = ' ';
    return str_fold(&ctx->arena, (struct str){copy, s.len});
}

enum err marks_header(struct marks_reader *r)
{
    struct str values[CSV_COLUMNS_MAX];
    size_t n = 0;

    for (size_t c = 0; c < MARKS_COLUMNS; c++)
        r->column[c] = CSV_COLUMNS_MAX;
    if (csv_read(&r->csv, values, &n) != CSV_RECORD)
        return fail_field(r->ctx, "list", "header", "", "the first line is no header");
    for (size_t i = 0; i < n; i++) {
        struct str name = plain_words(r->ctx, values[i]);

        for (size_t h = 0; h < COUNT(headers); h++) {
            size_t *column = &r->column[headers[h].column];

            if (!str_is(name, headers[h].name))
                continue;
            if (*column != CSV_COLUMNS_MAX)
                return fail_field(r->ctx, "list", "header", "", "two columns are the %s",
                                  column_names[headers[h].column]);
            *column = i;
        }
    }
    if (r->column[MARKS_NUMBER] == CSV_COLUMNS_MAX ||
        (r->column[MARKS_STATUS] == CSV_COLUMNS_MAX && r->column[MARKS_AT] == CSV_COLUMNS_MAX))
        return fail_field(r->ctx, "list", "header", "student_number, status, at, note",
                          "the first line must name student_number, and status or at");
    return ERR_OK;
}

void marks_blame(struct marks_reader *r, int64_t line, struct marks_error error)
{
    struct list *errors = &r->report->errors;

    if (!errors->at)
        errors->at = ARENA_NEW_N(&r->ctx->arena, struct marks_error, MARKS_ERRORS_MAX);
    if (errors->n == MARKS_ERRORS_MAX)
        return;
    error.line = line;
    if (error.value.len > SHOWN_MAX) {
        error.value.len = SHOWN_MAX;
        while (error.value.len && (error.value.at[error.value.len] & 0xc0) == 0x80)
            error.value.len--;
    }
    ((struct marks_error *)errors->at)[errors->n++] = error;
}

/* `value` as the school's letter or label, else as a word of the list above. */
static bool status_named(struct marks_reader *r, struct str value, struct marks_line *ret)
{
    const struct status_code *c = r->codes.at;
    struct str name = plain_words(r->ctx, value);
    struct arena *a = &r->ctx->arena;

    for (size_t i = 0; i < r->codes.n; i++) {
        if (c[i].archived)
            continue;
        if (str_eq_nocase(c[i].code, value) || str_eq(str_fold(a, c[i].label_en), name) ||
            str_eq(str_fold(a, c[i].label_fr), name) || str_eq(str_fold(a, c[i].label_ar), name)) {
            ret->status = presence_status_of(c[i].category);
            ret->code = c[i].code;
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(statuses); i++) {
        if (str_is(name, statuses[i].name)) {
            ret->status = statuses[i].status;
            return true;
        }
    }
    return false;
}

static bool two_digits(struct str s, int64_t most, int64_t *ret)
{
    return (s.len == 1 || s.len == 2) && s.at[0] >= '0' && s.at[0] <= '9' && str_to_i64(s, ret) &&
           *ret <= most;
}

/* "8:28", "08:28:31", "8h28". */
static bool read_clock(struct str s, struct local_time *ret)
{
    struct str rest = s;
    struct str hour = str_cut(&rest, str_has(s, ':') ? ':' : 'h');
    struct str minute = str_cut(&rest, ':');
    int64_t h;
    int64_t m;
    int64_t sec = 0;

    if (!two_digits(hour, 23, &h) || minute.len != 2 || !two_digits(minute, 59, &m) ||
        (rest.len && (rest.len != 2 || !two_digits(rest, 59, &sec))))
        return false;
    ret->minute = (int16_t)(h * 60 + m);
    ret->second = (int8_t)sec;
    return true;
}

static bool read_day(struct str s, struct local_time *ret)
{
    int64_t year;
    int64_t month;
    int64_t day;
    struct str rest = s;

    if (!date_is_valid(s) || !str_to_i64(str_cut(&rest, '-'), &year) ||
        !str_to_i64(str_cut(&rest, '-'), &month) || !str_to_i64(rest, &day))
        return false;
    ret->year = (int32_t)year;
    ret->month = (int8_t)month;
    ret->day = (int8_t)day;
    return true;
}

/* RFC 3339; or a local time of the session's zone, with or without a date before it. */
static bool read_time(const struct marks_reader *r, struct str s, int64_t *ret)
{
    struct local_time local = {0};
    enum zone_fit fit = ZONE_ONE;
    struct str clock = s;
    struct str day;

    if (time_parse(s, ret))
        return true;
    if (!zone_local(r->zone, r->starts_at, &local))
        return false;
    local.second = 0;
    if (str_has(s, ' ')) {
        day = str_cut(&clock, ' ');
        if (!read_day(day, &local))
            return false;
    }
    return read_clock(str_trim(clock), &local) && zone_utc(r->zone, &local, ret, &fit) &&
           fit != ZONE_GAP;
}

static struct str value_of(const struct marks_reader *r, const struct str *values, size_t n,
                           enum marks_column c)
{
    return r->column[c] < n ? csv_plain(values[r->column[c]]) : (struct str){"", 0};
}

static bool blame(struct marks_reader *r, enum marks_column c, const char *code, const char *detail,
                  struct str value)
{
    marks_blame(r, r->csv.line,
                (struct marks_error){.column = str_of(column_names[c]),
                                     .code = str_of(code),
                                     .detail = str_of(detail),
                                     .value = value});
    return false;
}

static bool take_number(struct marks_reader *r, struct str v, struct marks_line *ret)
{
    ret->number = v;
    if (!v.len)
        return blame(r, MARKS_NUMBER, "required", "has no student number", v);
    if (v.len > NUMBER_MAX)
        return blame(r, MARKS_NUMBER, "max_length", "is longer than 40 bytes", v);
    return true;
}

static bool take_time(struct marks_reader *r, struct str v, struct marks_line *ret)
{
    if (!v.len)
        return true;
    if (!read_time(r, v, &ret->at))
        return blame(r, MARKS_AT, "time",
                     "is no time: 08:28, 2026-09-14 08:28 or 2026-09-14T08:28:00+01:00", v);
    if (ret->at < r->starts_at - FAR_MS || ret->at > r->starts_at + FAR_MS)
        return blame(r, MARKS_AT, "time", "is more than a day from the session", v);
    if (ret->at > r->ctx->now + AHEAD_MS)
        return blame(r, MARKS_AT, "time", "is in the future", v);
    return true;
}

static bool take_status(struct marks_reader *r, struct str v, struct marks_line *ret)
{
    if (!v.len && !ret->at)
        return blame(r, MARKS_STATUS, "required", "has neither a status nor a time", v);
    if (v.len && !status_named(r, v, ret))
        return blame(r, MARKS_STATUS, "status", "is no status of the school", v);
    if (ret->at && (ret->status == PRESENCE_ABSENT || ret->status == PRESENCE_EXCUSED))
        return blame(r, MARKS_STATUS, "status", "who was not there has no time of coming", v);
    return true;
}

static bool take_note(struct marks_reader *r, struct str v, struct marks_line *ret)
{
    if (!v.len)
        return true;
    if (str_points(v) > MARKS_NOTE_MAX)
        return blame(r, MARKS_NOTE, "max_length", "is longer than 500 characters", v);
    ret->note = (struct opt_str){.set = true, .v = v};
    return true;
}

static bool take_line(struct marks_reader *r, const struct str *values, size_t n,
                      struct marks_line *ret)
{
    bool number = take_number(r, value_of(r, values, n, MARKS_NUMBER), ret);
    bool at = take_time(r, value_of(r, values, n, MARKS_AT), ret);
    bool status = at && take_status(r, value_of(r, values, n, MARKS_STATUS), ret);
    bool note = take_note(r, value_of(r, values, n, MARKS_NOTE), ret);

    return number && status && note;
}

static bool is_blank(const struct str *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (values[i].len)
            return false;
    return true;
}

bool marks_next(struct marks_reader *r, struct marks_line *ret, bool *ret_good)
{
    struct str values[CSV_COLUMNS_MAX];
    enum csv_result got;
    size_t n = 0;

    do
        got = csv_read(&r->csv, values, &n);
    while (got == CSV_RECORD && is_blank(values, n));
    if (got == CSV_END)
        return false;
    *ret = (struct marks_line){.line = r->csv.line};
    *ret_good = false;
    if (got == CSV_RECORD)
        *ret_good = take_line(r, values, n, ret);
    else if (got == CSV_QUOTE)
        marks_blame(r, ret->line,
                    (struct marks_error){.code = STR("quote"),
                                         .detail = STR("has a quote that is not closed: what "
                                                       "follows was not read")});
    else
        marks_blame(r, ret->line,
                    (struct marks_error){.code = STR("columns"),
                                         .detail = STR("has more than 16 columns")});
    return true;
}
