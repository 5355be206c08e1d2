/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One request, free of any transport: match → authenticate → rate limit → permission → CSRF →
 * If-Match → idempotency → bind → handler → answer. server.c moves the bytes, handle.c decides; so
 * all rules can be tested without a socket.
 */
#include "http/bind.h"
#include "http/server.h"

struct http_request {
    enum http_method method;
    bool head; /* HEAD: matched as GET, the body is not sent */
    struct route_match match;
    struct str path; /* percent-decoded */
    struct str host;
    bool secure; /* TLS here or at a trusted proxy */
    struct bind_source source;
    struct str cookie, authorization, origin, if_match, if_none_match, idempotency_key;
    struct str fetch_site; /* Sec-Fetch-Site */
    struct str csrf_token; /* X-CSRF-Token */
    struct str last_event_id;
};

enum answer_kind { ANSWER_BODY, ANSWER_SSE, ANSWER_WS };

struct http_answer {
    enum answer_kind kind;
    int status;
    const char *content_type;
    struct str body;
    struct reply_header *headers;
    void *stream; /* for ANSWER_SSE and ANSWER_WS: see struct req */
    const struct route *route;
};

/*
 * Answers a request whose body is complete. Never fails: what goes wrong becomes a problem+json
 * answer. Writes the one log line of the request. What it allocates is in ctx's arena and lives
 * until the answer is sent.
 *
 * Left to the transport (server.c): X-Request-Id, security, HSTS and CORS headers, Cache-Control,
 * OPTIONS, 404 and 405 of paths without a route, 413, 414, content type and framing of multipart,
 * the WebSocket handshake headers, and counting for /metrics.
 */
void http_handle(struct ctx *ctx, const struct http_options *o, const struct http_request *in,
                 struct http_answer *ret);

/* problem+json (RFC 9457) for `e` and what ctx's fault says. */
void http_problem(struct ctx *ctx, enum err e, struct http_answer *ret);
