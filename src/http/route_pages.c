/* SPDX-License-Identifier: MIT */
/* docs/errors.md and docs/permissions.md, written from the route tables. */
#include <string.h>

#include "http/openapi.h"
#include "http/route_errors.h"
#include "http/router.h"

static const char do_not_edit[] = "<!-- Written by `smartpresence openapi`; do not edit. -->\n\n";

static void put_routes_with(const struct routes *r, enum err e, struct buf *b)
{
    const char *sep = "";

    for (size_t t = 0; r->tables[t]; t++) {
        for (size_t i = 0; i < r->tables[t]->n; i++) {
            const struct route *row = &r->tables[t]->at[i];

            for (const enum err *d = row->errors; d && *d; d++) {
                if (*d != e)
                    continue;
                buf_printf(b, "%s`%s`", sep, row->id);
                sep = ", ";
            }
        }
    }
}

void errors_write(const struct routes *r, struct buf *b)
{
    buf_puts(b, do_not_edit);
    buf_puts(b,
             "# Errors\n\n"
             "Every failure is `application/problem+json` (RFC 9457). `type` never changes its "
             "meaning;\ntexts may. The last column names the operations that have the error "
             "for a reason of their own;\nany other may come from the way of every request.\n\n"
             "| type | status | meaning | operations |\n|---|---|---|---|\n");
    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++) {
        const struct err_info *info = err_info(e);

        buf_printf(b, "| `/problems/%s` | %d | %s | ", info->slug, info->status, info->title);
        put_routes_with(r, e, b);
        buf_puts(b, " |\n");
    }
}

static void put_roles(struct buf *b, enum perm p)
{
    for (enum role role = ROLE_ADMIN; role < ROLE_COUNT; role++)
        buf_puts(b, perm_allows(p, role) ? " yes |" : " – |");
}

static void put_role_names(struct buf *b)
{
    for (enum role role = ROLE_ADMIN; role < ROLE_COUNT; role++)
        buf_printf(b, " %s |", role_name(role));
    buf_putc(b, '\n');
}

static void put_permissions(struct buf *b)
{
    buf_puts(b, "## Permissions by role\n\n| permission |");
    put_role_names(b);
    buf_puts(b, "|---|---|---|---|---|\n");
    for (enum perm p = PERM_UNSET + 1; p < PERM_COUNT; p++) {
        buf_printf(b, "| `%s` |", perm_name(p));
        put_roles(b, p);
        buf_putc(b, '\n');
    }
}

void permissions_write(const struct routes *r, struct buf *b)
{
    buf_puts(b, do_not_edit);
    buf_puts(b,
             "# Permissions\n\n"
             "What a role may call. Whose things it then sees is narrower: trainers reach their "
             "own sessions\nand students, students only what is theirs, guardians what is their "
             "students'.\n\n");
    put_permissions(b);
    for (size_t t = 0; r->tables[t]; t++) {
        buf_printf(b, "\n## %s\n\n| request | permission | nobody |", r->tables[t]->tag);
        put_role_names(b);
        buf_puts(b, "|---|---|---|---|---|---|---|\n");
        for (size_t i = 0; i < r->tables[t]->n; i++) {
            const struct route *row = &r->tables[t]->at[i];

            buf_printf(b, "| `%s %s` | `%s` | %s |", http_method_name(row->method), row->path,
                       perm_name(row->need), perm_allows(row->need, ROLE_NONE) ? "yes" : "–");
            put_roles(b, row->need);
            buf_putc(b, '\n');
        }
    }
}
