/* SPDX-License-Identifier: MIT */
/* The rules of importing holidays. */
#include "calendar/holidays_import.h"

#include "base/zone.h"

#include "calendar/calendar_store.h"
#include "calendar/ics.h"
#include "db/tx.h"
#include "timetable/holidays.h"

enum { DAYS_BEFORE = 366, DAYS_AFTER = 5 * 366 };

#define F(...) FIELD(struct holiday_import_entry, __VA_ARGS__)
static const struct field entry_fields[] = {
    F(uid, "UID of the entry, with the date for a day of a repeating one; empty when it has none",
      .required = true, .max = 300, .example = "\"eid-2027@ministry.example\""),
    F(name, "Its name; empty when it has none", .required = true, .max = 200,
      .example = "\"Eid al-Fitr\""),
    F(from_day, "First day; null when it could not be told", .required = true, .format = "date",
      .max = 10, .example = "\"2027-03-10\""),
    F(to_day, "The day after the last", .required = true, .format = "date", .max = 10,
      .example = "\"2027-03-12\""),
    F(result, "What became of it", .required = true,
      .one_of = ONE_OF("new", "changed", "same", "skipped"), .example = "\"new\""),
    F(problem, "Why it was skipped", .required = true,
      .one_of = ONE_OF("line_too_long", "no_uid", "uid_too_long", "no_name", "name_too_long",
                       "no_start", "not_all_day", "bad_end", "span_too_long", "bad_rule",
                       "cancelled", "duplicate", "out_of_window", "unreadable"),
      .example = "null"),
    F(sessions, "Scheduled sessions on its days, which stay; not counted in a dry run",
      .required = true, .example = "0"),
};
#undef F
static const struct schema entry_schema = SCHEMA(holiday_import_entry, entry_fields);

#define F(...) FIELD(struct holiday_import_report, __VA_ARGS__)
static const struct field report_fields[] = {
    F(dry_run, "Nothing was written", .required = true, .example = "true"),
    F(added, "New holidays", .required = true, .example = "1"),
    F(changed, "Holidays of the same UID with another name or other days", .required = true,
      .example = "0"),
    F(same, "Holidays that were there already", .required = true, .example = "0"),
    F(skipped, "Entries that are no holidays", .required = true, .example = "0"),
    F(entries, "Each entry in the calendar's order", .required = true, .items = &entry_schema,
      .max = ICS_ENTRIES_MAX),
};
#undef F
const struct schema holiday_import_report_schema = SCHEMA(holiday_import_report, report_fields);

struct importing {
    const struct list *found; /* of struct ics_entry */
    bool dry_run;
    struct holiday_import_report report;
};

static struct opt_str some(struct str s)
{
    return (struct opt_str){.set = true, .v = s};
}

/* "new", "changed" or "same". */
static enum err compare(struct ctx *ctx, const struct holiday_new *h, struct str *ret)
{
    struct known_holiday known = {0};
    enum err e = calendar_store_holiday(ctx, h->uid.v, &known);

    if (e == ERR_NOT_FOUND) {
        *ret = STR("new");
        return ERR_OK;
    }
    if (e)
        return e;
    *ret = str_eq(known.name, h->name) && str_eq(known.from_day, h->from_day) &&
                   str_eq(known.to_day, h->to_day)
               ? STR("same")
               : STR("changed");
    return ERR_OK;
}

static enum err put(struct ctx *ctx, struct importing *im, struct holiday_import_entry *row)
{
    struct holiday_import_report *r = &im->report;
    struct holiday_new h = {
        .name = row->name,
        .from_day = row->from_day.v,
        .to_day = row->to_day.v,
        .uid = some(row->uid),
    };
    struct holiday made = {0};
    enum err e = compare(ctx, &h, &row->result);

    if (e)
        return e;
    r->same += str_is(row->result, "same");
    r->added += str_is(row->result, "new");
    r->changed += str_is(row->result, "changed");
    if (im->dry_run || str_is(row->result, "same"))
        return ERR_OK;
    e = holiday_put(ctx, &h, &made);
    row->sessions = (int64_t)made.sessions.n;
    return e;
}

static enum err import_in_tx(struct ctx *ctx, void *arg)
{
    struct importing *im = arg;
    const struct ics_entry *found = im->found->at;
    struct holiday_import_entry *rows =
        ARENA_NEW_N(&ctx->arena, struct holiday_import_entry, im->found->n);
    enum err e = ERR_OK;

    im->report = (struct holiday_import_report){
        .dry_run = im->dry_run,
        .entries = {rows, im->found->n},
    };
    for (size_t i = 0; !e && i < im->found->n; i++) {
        rows[i] = (struct holiday_import_entry){.uid = found[i].uid, .name = found[i].name};
        if (found[i].days.to > found[i].days.from) {
            rows[i].from_day = some(date_of_day(&ctx->arena, found[i].days.from));
            rows[i].to_day = some(date_of_day(&ctx->arena, found[i].days.to));
        }
        if (found[i].problem) {
            rows[i].result = STR("skipped");
            rows[i].problem = some(str_of(found[i].problem));
            im->report.skipped++;
        } else {
            e = put(ctx, im, &rows[i]);
        }
    }
    return e;
}

enum err holidays_import(struct ctx *ctx, const struct holiday_import *in,
                         struct holiday_import_report *ret)
{
    int64_t today = ctx->now / 86400000;
    struct list found = {0};
    struct importing im = {.found = &found, .dry_run = in->dry_run};
    enum err e = ics_read(ctx, in->calendar.data,
                          (struct ics_days){today - DAYS_BEFORE, today + DAYS_AFTER}, &found);

    if (!e)
        e = in->dry_run ? import_in_tx(ctx, &im) : db_transact(ctx, import_in_tx, &im);
    if (!e)
        *ret = im.report;
    return e;
}
