/* SPDX-License-Identifier: MIT */
/* One walk over the headers: the guard sees all of them, the known ones are copied. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "http/transport.h"

enum { USER_AGENT_MAX = 200, REQUEST_ID_MAX = 64 };

struct known {
    struct str name;
    size_t offset;
};

#define KNOWN(member_, literal_)                                                                   \
    {                                                                                              \
        {literal_, sizeof(literal_) - 1}, offsetof(struct exchange_headers, member_)               \
    }
static const struct known known[] = {
    KNOWN(accept, "accept"),
    KNOWN(accept_encoding, "accept-encoding"),
    KNOWN(connection, "connection"),
    KNOWN(content_type, "content-type"),
    KNOWN(cookie, "cookie"),
    KNOWN(authorization, "authorization"),
    KNOWN(origin, "origin"),
    KNOWN(host, "host"),
    KNOWN(if_match, "if-match"),
    KNOWN(if_none_match, "if-none-match"),
    KNOWN(idempotency_key, "idempotency-key"),
    KNOWN(csrf_token, "x-csrf-token"),
    KNOWN(fetch_site, "sec-fetch-site"),
    KNOWN(last_event_id, "last-event-id"),
    KNOWN(request_id, "x-request-id"),
    KNOWN(user_agent, "user-agent"),
    KNOWN(upgrade, "upgrade"),
    KNOWN(ws_key, "sec-websocket-key"),
    KNOWN(ws_version, "sec-websocket-version"),
    KNOWN(cors_method, "access-control-request-method"),
    KNOWN(expect, "expect"),
    KNOWN(forwarded_for, "x-forwarded-for"),
    KNOWN(forwarded_proto, "x-forwarded-proto"),
};

/* A proxy that adds a line of its own leaves the client's before it: of its two the last counts. */
static bool last_counts(size_t offset)
{
    return offset == offsetof(struct exchange_headers, forwarded_for) ||
           offset == offsetof(struct exchange_headers, forwarded_proto);
}

static void keep(struct exchange *x, struct str name, struct str value)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        struct str *at;

        if (!str_eq_nocase(name, known[i].name))
            continue;
        at = (struct str *)(void *)((char *)&x->headers + known[i].offset);
        if (!at->at || last_counts(known[i].offset))
            *at = arena_str(&x->arena, value);
        return;
    }
}

/*
 * Whether this header begins where the one before it ended. libmicrohttpd glues a folded line to
 * its header elsewhere in memory, without the blank that RFC 9112 (5.2) asks for, and reads lengths
 * from another text than it shows.
 */
static bool follows(struct exchange *x, const char *key, const char *end)
{
    const char *at = x->header_end;

    x->header_end = end;
    if (key < at)
        return false;
    while (at < key && (*at == '\0' || *at == ' ' || *at == '\t'))
        at++;
    return at == key;
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *key,
                                 size_t key_len, const char *value, size_t value_len)
{
    struct exchange *x = cls;
    struct str name = {key, key_len};
    struct str v = {value ? value : "", value ? value_len : 0};
    /* libmicrohttpd writes a NUL over each byte of the line end: two for CRLF, one for LF. */
    bool crlf = !value || (value[value_len] == '\0' && value[value_len + 1] == '\0');

    (void)kind;
    if (!follows(x, key, value ? value + value_len : key + key_len))
        guard_folded(&x->guard);
    guard_header(&x->guard, name, v, crlf);
    keep(x, name, v);
    return MHD_YES;
}

static bool is_request_id(struct str s)
{
    if (!s.len || s.len > REQUEST_ID_MAX)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              c == '.' || c == '_' || c == '-'))
            return false;
    }
    return true;
}

/* Unique, not secret: a random start per process and a count. */
static struct str request_id(struct exchange *x)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t parts[2] = {x->server->id_prefix, atomic_fetch_add(&x->server->id_next, 1)};
    char *at = arena_alloc(&x->arena, 33);

    if (is_request_id(x->headers.request_id))
        return x->headers.request_id;
    for (size_t i = 0; i < 32; i++)
        at[i] = digits[parts[i / 16] >> (60 - 4 * (i % 16)) & 15];
    return (struct str){at, 32};
}

/* An IPv4 address inside an IPv6 one ("::ffff:10.0.0.7", of sockets that speak both) is that IPv4
 * address: networks are compared and clients are counted by it. */
static struct str text_of_v6(struct exchange *x, const struct in6_addr *at)
{
    char *text = arena_alloc(&x->arena, INET6_ADDRSTRLEN);

    if (IN6_IS_ADDR_V4MAPPED(at))
        (void)inet_ntop(AF_INET, at->s6_addr + 12, text, INET6_ADDRSTRLEN);
    else
        (void)inet_ntop(AF_INET6, at, text, INET6_ADDRSTRLEN);
    return str_of(text);
}

static struct str address_text(struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char *text = arena_alloc(&x->arena, INET6_ADDRSTRLEN);

    if (info && info->client_addr && info->client_addr->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)info->client_addr;

        (void)inet_ntop(AF_INET, &v4->sin_addr, text, INET6_ADDRSTRLEN);
    } else if (info && info->client_addr && info->client_addr->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)info->client_addr;

        return text_of_v6(x, &v6->sin6_addr);
    }
    return str_of(text);
}

/* The address in its one form; false: it is none. */
static bool read_address(struct exchange *x, struct str s, struct str *ret)
{
    struct in6_addr v6;
    struct in_addr v4;
    const char *text = arena_cstr(&x->arena, s);

    if (s.len >= INET6_ADDRSTRLEN)
        return false;
    if (inet_pton(AF_INET, text, &v4) == 1) {
        *ret = arena_str(&x->arena, s);
        return true;
    }
    if (inet_pton(AF_INET6, text, &v6) != 1)
        return false;
    *ret = text_of_v6(x, &v6);
    return true;
}

/* What is stored and shown of it is short and plain ASCII, whatever a client sends. */
static struct str user_agent(struct exchange *x)
{
    struct str raw = x->headers.user_agent;
    size_t n = raw.len > USER_AGENT_MAX ? USER_AGENT_MAX : raw.len;
    char *at = arena_alloc(&x->arena, n + 1);

    for (size_t i = 0; i < n; i++)
        at[i] = raw.at[i] < ' ' || raw.at[i] > '~' ? '?' : raw.at[i];
    return (struct str){at, n};
}

/* The client behind a proxy of ours: the last address in X-Forwarded-For, which that proxy saw. */
static void client_read(struct exchange *x)
{
    const char *const *trusted = x->server->o.trusted_proxies;
    struct str rest = x->headers.forwarded_for;
    struct str last = {"", 0};

    x->ip = address_text(x);
    x->in.secure = x->server->secure;
    if (!trusted || !one_of_has(trusted, x->ip))
        return;
    while (rest.len)
        last = str_trim(str_cut(&rest, ','));
    (void)read_address(x, last, &x->ip);
    if (str_eq_nocase(x->headers.forwarded_proto, STR("https")))
        x->in.secure = true;
}

const char *exchange_headers_read(struct exchange *x, const char *method, const char *version)
{
    const struct exchange_headers *h = &x->headers;

    x->guard = GUARD;
    guard_line(&x->guard, str_of(method), x->uri_raw, version);
    x->header_end = version + strlen(version);
    (void)MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_header, x);
    x->request_id = request_id(x);
    x->user_agent = user_agent(x);
    client_read(x);
    x->in.host = h->host;
    x->in.cookie = h->cookie;
    x->in.authorization = h->authorization;
    x->in.origin = h->origin;
    x->in.if_match = h->if_match;
    x->in.if_none_match = h->if_none_match;
    x->in.idempotency_key = h->idempotency_key;
    x->in.csrf_token = h->csrf_token;
    x->in.fetch_site = h->fetch_site;
    x->in.last_event_id = h->last_event_id;
    x->in.source.content_type = h->content_type;
    return guard_verdict(&x->guard);
}
