/* SPDX-License-Identifier: MIT */
/* The export: each part by one statement, written as JSON or as a page. */
#include "privacy/person.h"

#include <string.h>

#include "base/json.h"
#include "base/settings.h"

#include "privacy/person_store.h"
#include "privacy/person_words.h"
#include "students/students.h"
#include "users/users.h"

enum { EXPORT_MAX = 30 << 20 };

static enum err finished(struct ctx *ctx, const struct buf *b, struct str *ret)
{
    if (b->failed)
        return fail(ctx, ERR_TOO_LARGE, "more is stored than one document holds");
    *ret = arena_str(&ctx->arena, buf_view(b));
    return ERR_OK;
}

static void put_rows(struct buf *b, const struct person_part *part, const struct list *rows)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < rows->n; i++) {
        if (i)
            buf_putc(b, ',');
        json_write(b, part->schema, (const struct person_row *)rows->at + i);
    }
    buf_putc(b, ']');
}

static void put_named(struct buf *b, const char *name, const char *text)
{
    json_put_str(b, str_of(name));
    buf_putc(b, ':');
    json_put_str(b, str_of(text));
}

/* One member for each of the comma-separated tables. */
static void put_tables_of(struct buf *b, const struct person_part *part)
{
    for (const char *at = part->tables; *at;) {
        size_t n = strcspn(at, ",");

        json_put_str(b, (struct str){at, n});
        buf_putc(b, ':');
        json_put_str(b, str_of(part->name));
        at += n;
        if (*at)
            buf_putc(b, *at++);
    }
}

/* Which tables are where, and which are left out: so that a reader, and a test, can check. */
static void put_tables(struct buf *b, const struct person_book *book)
{
    buf_puts(b, "\"tables\":{");
    for (size_t i = 0; i < book->n; i++) {
        if (i)
            buf_putc(b, ',');
        put_tables_of(b, &book->parts[i]);
    }
    buf_puts(b, "},\"left_out\":{");
    for (size_t i = 0; i < book->n_left_out; i++) {
        if (i)
            buf_putc(b, ',');
        put_named(b, book->left_out[i].table, book->left_out[i].why);
    }
    buf_putc(b, '}');
}

/* Who is described, after the caller was found to be allowed to read it. */
struct subject {
    const struct person_book *book;
    int64_t id;
    struct str name;
    const char *title, *note; /* for person_word() */
};

static enum err subject_student(struct ctx *ctx, int64_t id, struct subject *ret)
{
    struct student student = {0};
    enum err e = student_get_for(ctx, id, &student);

    *ret = (struct subject){&student_book, id, student.name, "title", "note_page"};
    return e;
}

static enum err subject_account(struct ctx *ctx, int64_t id, struct subject *ret)
{
    struct user user = {0};
    enum err e = ctx->actor.role == ROLE_ADMIN || ctx->actor.user_id == id
                     ? user_get(ctx, id, &user)
                     : fail(ctx, ERR_NOT_FOUND, "no such account");

    *ret = (struct subject){&account_book, id, user.name, "title_account", "note_account"};
    return e;
}

static enum err write_json(struct ctx *ctx, const struct subject *who, struct str *ret)
{
    cleanup(buf_finish) struct buf b = BUF(EXPORT_MAX);
    enum err e = ERR_OK;

    buf_puts(&b, "{\"made_at\":");
    json_put_str(&b, time_format(&ctx->arena, ctx->now));
    buf_putc(&b, ',');
    put_named(&b, "school", arena_cstr(&ctx->arena, ctx->services->settings->school_name));
    buf_putc(&b, ',');
    put_named(&b, "note", person_word(STR("en"), who->note));
    for (size_t i = 0; !e && i < who->book->n; i++) {
        const struct person_part *part = &who->book->parts[i];
        struct list rows = {0};

        e = person_fetch(ctx, part, who->id, &rows);
        buf_printf(&b, ",\"%s\":", part->name);
        put_rows(&b, part, &rows);
    }
    buf_putc(&b, ',');
    put_tables(&b, who->book);
    buf_putc(&b, '}');
    return e ? e : finished(ctx, &b, ret);
}

enum err person_json(struct ctx *ctx, int64_t student_id, struct str *ret)
{
    struct subject who;
    enum err e = subject_student(ctx, student_id, &who);

    return e ? e : write_json(ctx, &who, ret);
}

enum err account_json(struct ctx *ctx, int64_t user_id, struct str *ret)
{
    struct subject who;
    enum err e = subject_account(ctx, user_id, &who);

    return e ? e : write_json(ctx, &who, ret);
}

static void put_html(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.at[i]) {
        case '<':
            buf_puts(b, "&lt;");
            break;
        case '>':
            buf_puts(b, "&gt;");
            break;
        case '&':
            buf_puts(b, "&amp;");
            break;
        case '"':
            buf_puts(b, "&quot;");
            break;
        default:
            buf_putc(b, s.at[i]);
        }
    }
}

/* "2026-02-03 04:05 UTC" of "2026-02-03T04:05:06.789Z". */
static void put_moment(struct buf *b, int64_t ms)
{
    struct arena a = {0};
    struct str t = time_format(&a, ms);

    buf_printf(b, "<bdi>%.10s %.5s UTC</bdi>", t.at, t.at + 11);
    arena_finish(&a);
}

static void put_value(struct buf *b, const struct field *f, const void *at, struct str locale)
{
    const struct opt_i64 *i = at;
    const struct opt_f64 *d = at;
    const struct opt_str *s = at;
    const struct opt_bool *y = at;

    if (f->type == FIELD_OPT_I64 && i->set && f->format)
        put_moment(b, i->v);
    else if (f->type == FIELD_OPT_I64 && i->set)
        buf_printf(b, "%lld", (long long)i->v);
    else if (f->type == FIELD_OPT_F64 && d->set)
        buf_printf(b, "%.3g", d->v);
    else if (f->type == FIELD_OPT_BOOL && y->set)
        buf_puts(b, person_word(locale, y->v ? "yes" : "no"));
    else if (f->type == FIELD_OPT_STR && s->set) {
        buf_puts(b, "<bdi>");
        put_html(b, s->v);
        buf_puts(b, "</bdi>");
    }
}

static void put_table(struct buf *b, const struct schema *s, const struct list *rows,
                      struct str locale)
{
    buf_puts(b, "<div class=\"wide\"><table><thead><tr>");
    for (size_t i = 0; i < s->n; i++)
        buf_printf(b, "<th scope=\"col\">%s</th>", person_word(locale, s->fields[i].name));
    buf_puts(b, "</tr></thead><tbody>");
    for (size_t r = 0; r < rows->n; r++) {
        buf_puts(b, "<tr>");
        for (size_t i = 0; i < s->n; i++) {
            buf_puts(b, "<td>");
            put_value(b, &s->fields[i],
                      field_at_const(&s->fields[i], (const struct person_row *)rows->at + r),
                      locale);
            buf_puts(b, "</td>");
        }
        buf_puts(b, "</tr>");
    }
    buf_puts(b, "</tbody></table></div>");
}

/* No script, nothing from elsewhere: the file can be kept and opened anywhere. */
static void put_head(struct ctx *ctx, struct buf *b, const struct subject *who, struct str locale)
{
    buf_printf(b,
               "<!doctype html><html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>%s</"
               "title><style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;"
               "padding:0 1rem;max-width:72rem;color:#111;background:#fff}"
               "h2{margin-top:2rem;font-size:1.15rem}.wide{overflow-x:auto}"
               "table{border-collapse:collapse;font-size:.85rem}td,th{border:1px solid #999;"
               "padding:.25rem .5rem;text-align:start;vertical-align:top}"
               "td{overflow-wrap:anywhere;max-width:24rem}"
               "@media print{.wide{overflow:visible}h2{break-after:avoid}}</style></head><body>"
               "<main><h1>%s: <bdi>",
               locale.at, str_is(locale, "ar") ? "rtl" : "ltr", person_word(locale, who->title),
               person_word(locale, who->title));
    put_html(b, who->name);
    buf_puts(b, "</bdi></h1><p><bdi>");
    put_html(b, ctx->services->settings->school_name);
    buf_printf(b, "</bdi>. %s ", person_word(locale, "made"));
    put_moment(b, ctx->now);
    buf_printf(b, ".</p><p>%s</p>", person_word(locale, who->note));
}

static enum err write_page(struct ctx *ctx, const struct subject *who, struct str locale,
                           struct str *ret)
{
    cleanup(buf_finish) struct buf b = BUF(EXPORT_MAX);
    enum err e = ERR_OK;

    put_head(ctx, &b, who, locale);
    for (size_t i = 0; !e && i < who->book->n; i++) {
        const struct person_part *part = &who->book->parts[i];
        struct list rows = {0};

        e = person_fetch(ctx, part, who->id, &rows);
        buf_printf(&b, "<section><h2>%s</h2>", person_word(locale, part->name));
        if (rows.n)
            put_table(&b, part->schema, &rows, locale);
        else
            buf_printf(&b, "<p>%s</p>", person_word(locale, "none"));
        buf_puts(&b, "</section>");
    }
    buf_puts(&b, "</main></body></html>\n");
    return e ? e : finished(ctx, &b, ret);
}

enum err person_page(struct ctx *ctx, int64_t student_id, struct str locale, struct str *ret)
{
    struct subject who;
    enum err e = subject_student(ctx, student_id, &who);

    return e ? e : write_page(ctx, &who, locale, ret);
}

enum err account_page(struct ctx *ctx, int64_t user_id, struct str locale, struct str *ret)
{
    struct subject who;
    enum err e = subject_account(ctx, user_id, &who);

    return e ? e : write_page(ctx, &who, locale, ret);
}
