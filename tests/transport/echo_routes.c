/* SPDX-License-Identifier: MIT */
/* Every kind of route: JSON, a form with files, an event stream, a WebSocket. */
#include "echo_routes.h"

#include <stdatomic.h>
#include <time.h>

#include "base/fs.h"
#include "base/json.h"

#include "realtime/sse.h"
#include "realtime/ws.h"

struct echo_in {
    struct str text;
    int64_t sleep_ms;
};

struct echo_out {
    struct str text;
    struct str role;
    struct str ip;
    struct str request_id;
};

#define F(...) FIELD(struct echo_in, __VA_ARGS__)
static const struct field echo_get_fields[] = {
    F(text, "Comes back", .in = IN_QUERY, .max = 4000),
    F(sleep_ms, "Works for so long", .in = IN_QUERY, .max = 20000, .fallback = "0"),
};
static const struct field echo_post_fields[] = {
    F(text, "Comes back", .required = true, .max = 60000),
};
#undef F
static const struct schema echo_get_in = SCHEMA_NAMED("echo_get_in", echo_in, echo_get_fields);
static const struct schema echo_post_in = SCHEMA_NAMED("echo_post_in", echo_in, echo_post_fields);

#define F(...) FIELD(struct echo_out, __VA_ARGS__)
static const struct field echo_out_fields[] = {
    F(text, "What was sent", .max = 60000),
    F(role, "Who sent it"),
    F(ip, "From where"),
    F(request_id, "Under which number"),
};
#undef F
static const struct schema echo_out = SCHEMA(echo_out, echo_out_fields);

static enum err echo(struct req *req)
{
    const struct echo_in *in = req->in;
    struct echo_out *out = req->out;
    struct timespec pause = {in->sleep_ms / 1000, in->sleep_ms % 1000 * 1000000};

    if (in->sleep_ms)
        (void)nanosleep(&pause, NULL);
    *out = (struct echo_out){
        .text = in->text,
        .role = str_of(role_name(req->ctx->actor.role)),
        .ip = req->ctx->ip,
        .request_id = req->ctx->request_id,
    };
    return ERR_OK;
}

struct upload_in {
    struct file photo;
    struct files photos;
    struct str note;
};

struct upload_out {
    int64_t photo_bytes, photos, photos_bytes, sum;
    struct str photo_name, photo_type, note;
};

#define F(...) FIELD(struct upload_in, __VA_ARGS__)
static const struct field upload_in_fields[] = {
    F(photo, "One file", .required = true, .max = 1 << 20, .format = "binary"),
    F(photos, "More files", .max = 5, .format = "binary"),
    F(note, "Words", .max = 100),
};
#undef F
static const struct schema upload_in = SCHEMA(upload_in, upload_in_fields);

#define F(...) FIELD(struct upload_out, __VA_ARGS__)
static const struct field upload_out_fields[] = {
    F(photo_bytes, "Size"),
    F(photos, "How many more"),
    F(photos_bytes, "Their size together"),
    F(sum, "The photo's bytes added up"),
    F(photo_name, "Its name"),
    F(photo_type, "Its type"),
    F(note, "Words"),
};
#undef F
static const struct schema upload_out = SCHEMA(upload_out, upload_out_fields);

static enum err upload(struct req *req)
{
    const struct upload_in *in = req->in;
    struct upload_out *out = req->out;

    out->photo_bytes = (int64_t)in->photo.data.len;
    for (size_t i = 0; i < in->photo.data.len; i++)
        out->sum += (unsigned char)in->photo.data.at[i];
    out->photos = (int64_t)in->photos.n;
    for (size_t i = 0; i < in->photos.n; i++)
        out->photos_bytes += (int64_t)in->photos.at[i].data.len;
    out->photo_name = in->photo.name;
    out->photo_type = in->photo.type;
    out->note = in->note;
    return ERR_OK;
}

static enum err publish(struct req *req)
{
    static atomic_llong number;
    const struct echo_in *in = req->in;
    struct buf data = BUF(128 << 10);

    buf_puts(&data, "{\"text\":");
    json_put_str(&data, in->text);
    buf_putc(&data, '}');
    hub_publish(req->ctx->services->hub, &(struct event){
                                             .id = atomic_fetch_add(&number, 1) + 1,
                                             .name = STR("echo.said"),
                                             .data = buf_view(&data),
                                             .audience = {.trainer_id = 1},
                                         });
    buf_finish(&data);
    return ERR_OK;
}

static enum err events(struct req *req)
{
    struct sse *s = sse_open(req->ctx->services->hub, &req->ctx->actor, req->last_event_id);

    /* An event that was missed, for the test of resuming. */
    if (req->last_event_id)
        sse_backlog(s, &(struct event){
                           .id = req->last_event_id + 1,
                           .name = STR("echo.missed"),
                           .data = STR("{}"),
                       });
    req->stream = s;
    return ERR_OK;
}

static void say_back(struct ctx *ctx, void *user, const struct ws_message *in, struct buf *reply)
{
    struct timespec pause = {0, 30 * 1000000};

    (void)user;
    if (str_starts(in->data, "slow"))
        (void)nanosleep(&pause, NULL);
    buf_puts(reply, role_name(ctx->actor.role));
    buf_puts(reply, in->binary ? " binary " : " text ");
    buf_str(reply, in->data);
}

static enum err socket_open(struct req *req)
{
    struct ws_handler h = {.message = say_back};
    struct ws *w;
    enum err e = ws_open(req->ctx, req->ctx->services->sockets, &h, &w);

    if (!e)
        req->stream = w;
    return e;
}

static const struct route routes[] = {
    {
        .id = "echo_get",
        .method = HTTP_GET,
        .path = "/api/v1/echo",
        .handler = echo,
        .in = &echo_get_in,
        .out = &echo_out,
        .need = PERM_PUBLIC,
        .status = 200,
        .per_minute = -1,
        .summary = "Say it back",
    },
    {
        .id = "echo_post",
        .method = HTTP_POST,
        .path = "/api/v1/echo",
        .handler = echo,
        .in = &echo_post_in,
        .out = &echo_out,
        .need = PERM_PUBLIC,
        .status = 200,
        .summary = "Say it back",
    },
    {
        .id = "echo_upload",
        .method = HTTP_POST,
        .path = "/api/v1/upload",
        .handler = upload,
        .in = &upload_in,
        .out = &upload_out,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .body_max = 2 << 20,
        .consumes = "multipart/form-data",
        .summary = "Measure files",
    },
    {
        .id = "echo_publish",
        .method = HTTP_POST,
        .path = "/api/v1/publish",
        .handler = publish,
        .in = &echo_post_in,
        .need = PERM_PUBLIC,
        .status = 204,
        .summary = "Tell all who listen",
    },
    {
        .id = "echo_events",
        .method = HTTP_GET,
        .kind = ROUTE_SSE,
        .path = "/api/v1/events",
        .handler = events,
        .need = PERM_EVENTS_READ,
        .status = 200,
        .produces = "text/event-stream",
        .summary = "Listen",
    },
    {
        .id = "echo_socket",
        .method = HTTP_GET,
        .kind = ROUTE_WS,
        .path = "/api/v1/socket",
        .handler = socket_open,
        .need = PERM_ATTENDANCE_MARK,
        .status = 101,
        .errors = ERRORS(ERR_BUSY, ERR_TOO_MANY_REQUESTS),
        .summary = "Talk",
    },
};

const struct route_table echo_api = ROUTE_TABLE("echo", "What comes in goes out.", routes);
