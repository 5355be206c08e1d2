/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Forgetting a person who has left: names, numbers, words and papers go, in one transaction; what
 * the register must prove stays, by number. Which table loses what is one list in forget_store.c; a
 * test fails when a table of the database points at people and is not in it.
 */
#include "base/ctx.h"
#include "base/schema.h"

/* What became of one table. */
struct forget_done {
    struct str table;
    struct str done; /* deleted emptied kept */
    int64_t rows;    /* 0 of what is kept */
    struct str why;  /* of what is kept */
};

struct forget_report {
    int64_t id;
    struct str name;    /* what is shown in place of the name from now on */
    struct list tables; /* struct forget_done */
};
extern const struct schema forget_report_schema;

/*
 * Of an archived student, whose number is said again so that nobody is forgotten by a slip. Face
 * data goes with a certificate (reason `forgotten`). Who is forgotten already is so again, whatever
 * number is said: tables that are new since are emptied too, and there is no second certificate,
 * not even of two requests at once. ERR_NOT_FOUND; ERR_IN_USE: not archived; ERR_INVALID: another
 * number, or somebody else has the one that is put in its place.
 */
must_check enum err forget_student(struct ctx *ctx, int64_t student_id, struct str student_number,
                                   struct forget_report *ret);
/* Of an archived account that is no student's, whose e-mail is said again; again as above. Errors
 * as above. */
must_check enum err forget_account(struct ctx *ctx, int64_t user_id, struct str email,
                                   struct forget_report *ret);
