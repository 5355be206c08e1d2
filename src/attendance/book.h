/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to attendance/: the open book of a session, held until the transaction ends. Events go in
 * one after the other, each chained to the one before; records are derived from all events of a
 * student.
 */
#include "attendance/attendance_store.h"
#include "attendance/ledger_store.h"
#include "presence/codes.h"
#include "presence/presence.h"

struct book {
    const struct session *session;
    struct presence_rule rule;
    struct ledger_head head;
    int64_t stored_seq;
    struct list links; /* struct ledger_link that were there, by student and arrival */
    struct list codes; /* struct status_code */
    bool closed;       /* who did not come is absent */
    bool afternoon;    /* the session begins in the second half of the school's day */
};

/* Everything of one student, old and new. */
struct page_of {
    struct arena *arena;
    int64_t student_id;
    struct ledger_link *links;
    struct presence_event *events; /* of the same index; some more at the end are not links */
    const struct presence_event **scratch;
    size_t n, cap;
};

/* Inside a transaction: locks the session and reads the events of one student, or of all (0). Of a
 * confirmed register what came later does not count. ERR_NOT_FOUND. */
must_check enum err book_open(struct ctx *ctx, const struct session *s, int64_t student_id,
                              struct book *ret);
/* ERR_SESSION_NOT_OPEN unless it is in one of these states. */
must_check enum err book_check(struct ctx *ctx, const struct book *b, const char *const *states);
/* Writes where the chain ends now. */
must_check enum err book_finish(struct ctx *ctx, struct book *b);

/* What the book has of the student: a page to derive from, and to add to. */
struct page_of book_page(struct ctx *ctx, const struct book *b, int64_t student_id);
/* Puts it on the page, not into the ledger; the other takes it off again. */
void page_add(struct page_of *page, const struct ledger_link *l);
void page_drop_last(struct page_of *page);
/* What the register says by this page. The event that decided is ret->by; page_link finds its link,
 * NULL when there is none. */
void page_derive(const struct book *b, const struct page_of *page, struct presence *ret);
const struct ledger_link *page_link(const struct page_of *page, const struct presence *p);
/* Whether an undo on the page takes it back. */
bool page_undone(const struct page_of *page, size_t i);

/* Chains and appends the link with the time, the actor and the request; sets l->id. */
must_check enum err book_append(struct ctx *ctx, struct book *b, struct ledger_link *l);
/* Appends `l` for the page's student, whose record is `r`, and stores what follows from it. The
 * statuses before and after are set here, and `r` is what the record became. */
must_check enum err book_write(struct ctx *ctx, struct book *b, struct page_of *page,
                               struct ledger_link *l, struct record_row *r);
/* By which rule is derived, and so in which half of the day the session is. */
void book_set_rule(const struct ctx *ctx, struct book *b, const struct presence_rule *rule);
/* Derives and stores, if anything differs from `r`, which is then what the record became;
 * *ret_changed: whether it was. */
must_check enum err book_derive(struct ctx *ctx, const struct book *b, const struct page_of *page,
                                struct record_row *r, bool *ret_changed);
/* What the record says by this page; *ret_by: the event that decided, NULL: none. */
struct record_row book_record(const struct ctx *ctx, const struct book *b,
                              const struct page_of *page, const struct record_row *before,
                              const struct ledger_link **ret_by);
/* Whether the record would say something else by this page, or by another event. */
bool book_differs(const struct ctx *ctx, const struct book *b, const struct page_of *page,
                  const struct record_row *r);
/* Of a student who never had one. */
static inline struct record_row record_none(int64_t student_id)
{
    return (struct record_row){.student_id = student_id, .status = STR("unmarked")};
}
/* The record in a row of the register. */
struct record_row record_row_of(const struct attendance *r);
/* The register's row after the record was stored: what attendance_fetch() would give now. */
void record_row_show(const struct record_row *r, struct attendance *ret);

/* Two values that may be missing. */
static inline bool same_i64(struct opt_i64 a, struct opt_i64 b)
{
    return a.set == b.set && (!a.set || a.v == b.v);
}
static inline bool same_str(struct opt_str a, struct opt_str b)
{
    return a.set == b.set && (!a.set || str_eq(a.v, b.v));
}
/* One that is there. */
static inline struct opt_i64 some(int64_t v)
{
    return (struct opt_i64){.set = true, .v = v};
}

/* An event of the register as a whole. */
must_check enum err book_note(struct ctx *ctx, struct book *b, const char *kind,
                              struct str state_before, struct opt_str reason);
