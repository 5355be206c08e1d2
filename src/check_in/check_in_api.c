/* SPDX-License-Identifier: MIT */
/* Codes and PINs over HTTP: the trainer's screen and the student's phone. */
#include "check_in/check_in_api.h"

#include "check_in/check_in.h"

struct code_ref {
    int64_t session_id, slot;
};
#define F(...) FIELD(struct code_ref, __VA_ARGS__)
static const struct field ref_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
};
static const struct field draw_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(slot, "Slot of the code, now or next; absent: now", .in = IN_QUERY, .min = 0,
      .example = "119000000"),
};
#undef F
static const struct schema ref_in = SCHEMA(code_ref, ref_fields);
static const struct schema draw_in = SCHEMA_NAMED("code_drawing", code_ref, draw_fields);

#define F(...) FIELD(struct shown_code, __VA_ARGS__)
static const struct field shown_fields[] = {
    F(session_id, "Session", .required = true),
    F(slot, "Number of the 15 seconds", .required = true),
    F(token, "The code of now", .required = true, .secret = true),
    F(next_token, "The one after it", .required = true, .secret = true),
    F(url, "What the drawn code holds: the page, and the token behind #", .required = true,
      .secret = true),
    F(next_url, "The same of the next code", .required = true, .secret = true),
    F(valid_until, "When the next code is to be shown; this one is good for one slot more",
      .required = true, .format = "date-time"),
    F(seconds_left, "Whole seconds until then", .required = true),
    F(pin, "Six digits", .required = true, .secret = true),
    F(pin_valid_until, "When the next PIN is to be shown; this one is good for a minute more",
      .required = true, .format = "date-time"),
    F(pin_seconds_left, "Whole seconds until then", .required = true),
    F(code_counts, "Whether a code can count in this session", .required = true),
    F(pin_counts, "Whether a PIN can", .required = true),
};
#undef F
const struct schema shown_code_schema = SCHEMA(shown_code, shown_fields);

#define CLIENT                                                                                     \
    "A random mark that the browser keeps, such as a UUID; written down as a hash that can be "    \
    "compared within the session only"
#define PLACE "Where the phone is, when the session asks for it; used and forgotten"

#define F(...) FIELD(struct code_wish, __VA_ARGS__)
static const struct field code_fields[] = {
    F(token, "The token of the code", .required = true, .secret = true, .min = 1, .max = 100,
      .example = "\"AQAAAAAAAAAMAAAAAAcXvfCZUj2Wc3JwMtRkXm1zYQ8T\""),
    F(place, PLACE, .items = &place_schema),
    F(client, CLIENT, .min = 1, .max = 64, .example = "\"0b6e7c5e-0b3f-4c8e-9a3e-2f1d6a7b8c9d\""),
};
#undef F
static const struct schema code_in = SCHEMA_NAMED("check_in_code", code_wish, code_fields);

#define F(...) FIELD(struct pin_wish, __VA_ARGS__)
static const struct field pin_fields[] = {
    F(session_id, "Session", .required = true, .min = 1, .example = "12"),
    F(pin, "The six digits that are shown", .required = true, .secret = true, .min = 1, .max = 20,
      .example = "\"042917\""),
    F(place, PLACE, .items = &place_schema),
    F(client, CLIENT, .min = 1, .max = 64, .example = "\"0b6e7c5e-0b3f-4c8e-9a3e-2f1d6a7b8c9d\""),
};
#undef F
static const struct schema pin_in = SCHEMA_NAMED("check_in_pin", pin_wish, pin_fields);

#define F(...) FIELD(struct check_in_answer, __VA_ARGS__)
static const struct field answer_fields[] = {
    F(session_id, "Session", .required = true),
    F(module_name, "What is taught", .required = true),
    F(intake, "What became of it: kept is written down, but not counted", .required = true,
      .one_of = ONE_OF("counted", "already", "kept", "replayed", "locked", "conflict")),
    F(reason, "Why the register says what it says", .required = true, .example = "\"on_time\""),
    F(why, "The same as a sentence", .required = true, .items = &check_in_words_schema),
    F(record, "The register's line", .required = true, .items = &attendance_schema),
    F(fence,
      "The phone's position: inside or outside of the room's circle, vague (not known well "
      "enough), unsaid, or unknown (of the room)",
      .required = true, .one_of = ONE_OF("inside", "outside", "vague", "unsaid", "unknown")),
    F(in_network, "Whether it came from the room's network", .required = true),
    F(already, "The student has sent this very code before: nothing was written now",
      .required = true),
};
#undef F
const struct schema check_in_answer_schema = SCHEMA(check_in_answer, answer_fields);

static enum err show(struct req *req)
{
    const struct code_ref *in = req->in;

    return code_show(req->ctx, in->session_id, req->out);
}

static enum err regenerate(struct req *req)
{
    const struct code_ref *in = req->in;

    return code_regenerate(req->ctx, in->session_id, req->out);
}

static enum err draw(struct req *req)
{
    const struct code_ref *in = req->in;
    enum err e = code_draw(req->ctx, in->session_id, in->slot, &req->reply->raw);

    if (!e)
        req->reply->raw_type = "image/svg+xml";
    return e;
}

static enum err by_code(struct req *req)
{
    return check_in_by_code(req->ctx, req->in, req->out);
}

static enum err by_pin(struct req *req)
{
    return check_in_by_pin(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "code_show",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/code",
        .handler = show,
        .in = &ref_in,
        .out = &shown_code_schema,
        .need = PERM_CODES_SHOW,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN),
        .summary = "The code and the PIN to show in the classroom",
        .description = "A code is good for its 15 seconds and the 15 after them, a PIN for its "
                       "minute and the one after it; all by the server's clock.",
    },
    {
        .id = "code_drawing",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/code.svg",
        .handler = draw,
        .in = &draw_in,
        .need = PERM_CODES_SHOW,
        .status = 200,
        .produces = "image/svg+xml",
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_CODE_EXPIRED),
        .summary = "The code as a QR code (ISO/IEC 18004)",
    },
    {
        .id = "code_regenerate",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/code/regenerate",
        .handler = regenerate,
        .in = &ref_in,
        .out = &shown_code_schema,
        .need = PERM_CODES_SHOW,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN),
        .summary = "Exchange the secret behind the session's codes",
        .description = "Codes and PINs that were shown before are of no use from now on.",
        .cookies = true, /* an answer with a secret is not kept for a repeated key */
    },
    {
        .id = "check_in_code",
        .method = HTTP_POST,
        .path = "/api/v1/check-ins/code",
        .handler = by_code,
        .in = &code_in,
        .out = &check_in_answer_schema,
        .need = PERM_CHECK_IN_SELF,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_CODE_WRONG,
                         ERR_CODE_EXPIRED),
        .summary = "Check in by the code that the trainer shows",
        .description = "Each code is good once for each student; sent again, it writes nothing and "
                       "the answer says `already`. One that is right, but sent from elsewhere than "
                       "the session asks for, is kept and not counted: `intake` is "
                       "`kept` and `why` says so.",
        .per_minute = 60,
    },
    {
        .id = "check_in_pin",
        .method = HTTP_POST,
        .path = "/api/v1/check-ins/pin",
        .handler = by_pin,
        .in = &pin_in,
        .out = &check_in_answer_schema,
        .need = PERM_CHECK_IN_SELF,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_CODE_WRONG,
                         ERR_TOO_MANY_REQUESTS),
        .summary = "Check in by the PIN that the trainer shows",
        .description = "After five wrong ones none is taken for 15 minutes, right or wrong.",
        .per_minute = 60,
    },
};

const struct route_table check_in_api =
    ROUTE_TABLE("check-in", "Rotating codes, PINs, and lists of marks", routes);
