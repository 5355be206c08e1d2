/* SPDX-License-Identifier: MIT */
/* libwslay checks masks, opcodes, lengths and UTF-8, answers pings, and closes with the code due.
 */
#include "realtime/ws_frames.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

#include "base/mem.h"

/* Answers and pongs that the peer does not read; then it is cut off. */
enum { QUEUE_MAX = 64 };
/* Read of one socket at a time: who never stops sending must not keep the loop from the others. */
enum { TURN_BYTES = 64 << 10 };

struct ws_frames {
    int fd;
    wslay_event_context_ptr wslay;
    struct ws_frames_ops ops;
    char *early;
    size_t early_len, early_read;
    size_t turn; /* bytes still to be read in this turn */
};

static bool is_clogged(struct ws_frames *f)
{
    return wslay_event_get_queued_msg_count(f->wslay) > QUEUE_MAX;
}

static ssize_t on_recv(wslay_event_context_ptr w, uint8_t *at, size_t len, int flags, void *user)
{
    struct ws_frames *f = user;
    ssize_t n;

    (void)flags;
    if (f->early_read < f->early_len) {
        size_t left = f->early_len - f->early_read;
        size_t take = left < len ? left : len;

        memcpy(at, f->early + f->early_read, take);
        f->early_read += take;
        return (ssize_t)take;
    }
    if (!f->turn || is_clogged(f)) {
        wslay_event_set_error(w, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    do
        n = recv(f->fd, at, len < f->turn ? len : f->turn, 0);
    while (n < 0 && errno == EINTR);
    if (n > 0) {
        f->turn -= (size_t)n;
        f->ops.alive(f->ops.user);
        return n;
    }
    wslay_event_set_error(w, n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)
                                 ? WSLAY_ERR_WOULDBLOCK
                                 : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static ssize_t on_send(wslay_event_context_ptr w, const uint8_t *at, size_t len, int flags,
                       void *user)
{
    struct ws_frames *f = user;
    ssize_t n;

    (void)flags;
    do
        n = send(f->fd, at, len, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    wslay_event_set_error(w, errno == EAGAIN || errno == EWOULDBLOCK ? WSLAY_ERR_WOULDBLOCK
                                                                     : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static void on_message(wslay_event_context_ptr w, const struct wslay_event_on_msg_recv_arg *arg,
                       void *user)
{
    struct ws_frames *f = user;

    (void)w;
    if (arg->opcode != WSLAY_TEXT_FRAME && arg->opcode != WSLAY_BINARY_FRAME)
        return;
    f->ops.message(f->ops.user, arg->opcode == WSLAY_BINARY_FRAME,
                   (struct str){(const char *)arg->msg, arg->msg_length});
}

struct ws_frames *ws_frames_create(int fd, struct str early, size_t message_max,
                                   const struct ws_frames_ops *ops)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_recv,
        .send_callback = on_send,
        .on_msg_recv_callback = on_message,
    };
    struct ws_frames *f = MEM_NEW(struct ws_frames);

    f->fd = fd;
    f->ops = *ops;
    if (wslay_event_context_server_init(&f->wslay, &callbacks, f) != 0) {
        mem_free(f);
        return NULL;
    }
    wslay_event_config_set_max_recv_msg_length(f->wslay, message_max);
    if (early.len) {
        f->early = mem_alloc(early.len);
        memcpy(f->early, early.at, early.len);
        f->early_len = early.len;
    }
    return f;
}

void ws_frames_destroy(struct ws_frames *f)
{
    if (!f)
        return;
    wslay_event_context_free(f->wslay);
    mem_free(f->early);
    mem_free(f);
}

bool ws_frames_pump(struct ws_frames *f)
{
    f->turn = TURN_BYTES;
    if (wslay_event_want_read(f->wslay) && wslay_event_recv(f->wslay) != 0)
        return false;
    if (wslay_event_want_write(f->wslay) && wslay_event_send(f->wslay) != 0)
        return false;
    if (is_clogged(f))
        return false;
    return wslay_event_want_read(f->wslay) || wslay_event_want_write(f->wslay);
}

bool ws_frames_want_write(struct ws_frames *f)
{
    return wslay_event_want_write(f->wslay);
}

void ws_frames_text(struct ws_frames *f, struct str text)
{
    struct wslay_event_msg m = {WSLAY_TEXT_FRAME, (const uint8_t *)text.at, text.len};

    (void)wslay_event_queue_msg(f->wslay, &m);
}

void ws_frames_ping(struct ws_frames *f)
{
    struct wslay_event_msg m = {.opcode = WSLAY_PING};

    (void)wslay_event_queue_msg(f->wslay, &m);
}

void ws_frames_close(struct ws_frames *f, enum ws_close_code code)
{
    (void)wslay_event_queue_close(f->wslay, (uint16_t)code, NULL, 0);
}
