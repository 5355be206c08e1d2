/* SPDX-License-Identifier: MIT */
/*
 * Event streams and WebSockets: the exchange hands its connection to what the handler left in
 * req.stream. A stream with nothing to say is suspended; its `wake` resumes it.
 */
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <sodium.h>
#include <string.h>

#include "base/mem.h"

#include "http/transport.h"

enum { STREAM_BLOCK = 16 << 10, HEARTBEAT_MS = 15000, WS_KEY_LEN = 24 };

struct stream {
    struct http_server *server;
    struct MHD_Connection *connection;
    void *stream;
    struct stream *prev, *next; /* by the server's lock */
    pthread_mutex_t lock;       /* guards the rest; taken after the server's or the hub's */
    bool woken;                 /* since the last look */
    bool suspended;
    int64_t looked; /* when it was last read */
};

static void stream_wake(void *arg)
{
    struct stream *st = arg;

    pthread_mutex_lock(&st->lock);
    st->woken = true;
    if (st->suspended) {
        st->suspended = false;
        MHD_resume_connection(st->connection);
    }
    pthread_mutex_unlock(&st->lock);
}

static ssize_t stream_read(void *cls, uint64_t pos, char *at, size_t max)
{
    struct stream *st = cls;
    ssize_t n;

    (void)pos;
    pthread_mutex_lock(&st->lock);
    st->woken = false;
    st->looked = clock_mono_ms();
    pthread_mutex_unlock(&st->lock);
    if (atomic_load(&st->server->stopping))
        return MHD_CONTENT_READER_END_OF_STREAM;
    n = st->server->o.hooks.sse.read(st->stream, at, max);
    if (n < 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (n > 0)
        return n;
    pthread_mutex_lock(&st->lock);
    if (!st->woken && !atomic_load(&st->server->stopping)) {
        st->suspended = true;
        MHD_suspend_connection(st->connection);
    }
    pthread_mutex_unlock(&st->lock);
    return 0;
}

static void stream_free(void *cls)
{
    struct stream *st = cls;
    struct http_server *s = st->server;

    pthread_mutex_lock(&s->lock);
    if (st->prev)
        st->prev->next = st->next;
    else
        s->streams = st->next;
    if (st->next)
        st->next->prev = st->prev;
    pthread_mutex_unlock(&s->lock);
    s->o.hooks.sse.drop(st->stream);
    http_metrics_gauge(s->o.metrics, GAUGE_STREAMS, -1);
    pthread_mutex_destroy(&st->lock);
    mem_free(st);
}

void streams_tick(void *server)
{
    struct http_server *s = server;
    int64_t now = clock_mono_ms();
    bool stopping = atomic_load(&s->stopping);

    pthread_mutex_lock(&s->lock);
    for (struct stream *st = s->streams; st; st = st->next) {
        bool due;

        pthread_mutex_lock(&st->lock);
        due = stopping || now - st->looked >= HEARTBEAT_MS;
        pthread_mutex_unlock(&st->lock);
        if (due)
            stream_wake(st);
    }
    pthread_mutex_unlock(&s->lock);
}

enum MHD_Result stream_send(struct exchange *x)
{
    struct http_server *s = x->server;
    struct stream *st = MEM_NEW(struct stream);
    struct MHD_Response *r;
    enum MHD_Result ok;

    *st = (struct stream){
        .server = s,
        .connection = x->connection,
        .stream = x->answer.stream,
        .looked = clock_mono_ms(),
    };
    pthread_mutex_init(&st->lock, NULL);
    x->stream_taken = true;
    http_metrics_gauge(s->o.metrics, GAUGE_STREAMS, 1);
    pthread_mutex_lock(&s->lock);
    st->next = s->streams;
    if (st->next)
        st->next->prev = st;
    s->streams = st;
    pthread_mutex_unlock(&s->lock);
    s->o.hooks.sse.attach(st->stream, stream_wake, st);

    r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, st,
                                          stream_free);
    if (!r) {
        stream_free(st);
        return MHD_NO;
    }
    (void)MHD_add_response_header(r, "Content-Type", "text/event-stream");
    (void)MHD_add_response_header(r, "Cache-Control", "no-store");
    (void)MHD_add_response_header(r, "X-Accel-Buffering", "no");
    for (const struct reply_header *h = x->answer.headers; h; h = h->next)
        (void)MHD_add_response_header(r, arena_cstr(&x->arena, h->name),
                                      arena_cstr(&x->arena, h->value));
    send_common_headers(x, r, false);
    ok = MHD_queue_response(x->connection, MHD_HTTP_OK, r);
    MHD_destroy_response(r);
    http_metrics_answer(s->o.metrics, x->in.match.route, MHD_HTTP_OK,
                        clock_mono_us() - x->started_us);
    return ok;
}

/* "keep-alive, Upgrade" */
static bool list_has(struct str list, struct str want)
{
    struct str rest = list;

    while (rest.len)
        if (str_eq_nocase(str_trim(str_cut(&rest, ',')), want))
            return true;
    return false;
}

const char *socket_handshake_check(const struct exchange *x)
{
    const struct exchange_headers *h = &x->headers;
    unsigned char key[16];
    size_t len;

    if (!list_has(h->upgrade, STR("websocket")) || !list_has(h->connection, STR("upgrade")))
        return "this address speaks WebSocket only";
    if (x->guard.http_1_0 || guard_has_body(&x->guard))
        return "a WebSocket begins with a GET of HTTP/1.1 without a body";
    if (!str_is(h->ws_version, "13"))
        return "the WebSocket version must be 13";
    if (h->ws_key.len != WS_KEY_LEN ||
        sodium_base642bin(key, sizeof(key), h->ws_key.at, h->ws_key.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        len != sizeof(key))
        return "Sec-WebSocket-Key must be 16 bytes in base64";
    return NULL;
}

struct socket_handle {
    struct MHD_UpgradeResponseHandle *upgrade;
};

static void socket_close(void *user)
{
    struct socket_handle *h = user;

    (void)MHD_upgrade_action(h->upgrade, MHD_UPGRADE_ACTION_CLOSE);
    mem_free(h);
}

static void on_upgrade(void *cls, struct MHD_Connection *c, void *con_cls, const char *early,
                       size_t early_len, MHD_socket fd, struct MHD_UpgradeResponseHandle *upgrade)
{
    struct exchange *x = cls;
    struct socket_handle *h = MEM_NEW(struct socket_handle);
    int flags = fcntl(fd, F_GETFL);

    (void)c;
    (void)con_cls;
    (void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    h->upgrade = upgrade;
    x->upgraded = true;
    x->stream_taken = true;
    peer_wait(x->peer);
    x->server->o.hooks.ws.take(x->answer.stream, fd,
                               (struct str){early_len ? early : "", early_len}, socket_close, h);
}

/* RFC 6455, 4.2.2: proof that the key was read by somebody who speaks WebSocket. */
static void accept_of(struct exchange *x, char ret[static 29])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[WS_KEY_LEN + sizeof(guid) - 1];
    unsigned char digest[20] = {0};

    memcpy(text, x->headers.ws_key.at, WS_KEY_LEN);
    memcpy(text + WS_KEY_LEN, guid, sizeof(guid) - 1);
    (void)gnutls_hash_fast(GNUTLS_DIG_SHA1, text, sizeof(text), digest);
    (void)sodium_bin2base64(ret, 29, digest, sizeof(digest), sodium_base64_VARIANT_ORIGINAL);
}

enum MHD_Result socket_send(struct exchange *x)
{
    char accept[29];
    struct MHD_Response *r;
    enum MHD_Result ok;

    if (x->in.head || atomic_load(&x->server->stopping))
        return send_problem(x, ERR_BUSY, "no new WebSocket now");
    accept_of(x, accept);
    r = MHD_create_response_for_upgrade(on_upgrade, x);
    if (!r)
        return MHD_NO;
    (void)MHD_add_response_header(r, "Upgrade", "websocket");
    (void)MHD_add_response_header(r, "Sec-WebSocket-Accept", accept);
    ok = MHD_queue_response(x->connection, MHD_HTTP_SWITCHING_PROTOCOLS, r);
    MHD_destroy_response(r);
    http_metrics_answer(x->server->o.metrics, x->in.match.route, MHD_HTTP_SWITCHING_PROTOCOLS,
                        clock_mono_us() - x->started_us);
    return ok;
}
