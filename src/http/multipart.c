/* SPDX-License-Identifier: MIT */
/*
 * A byte-driven state machine. The delimiter begins with CR, and no boundary contains one, so a
 * failed match can only start again at the byte that broke it.
 */
#include "http/multipart.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#include "http/multipart_head.h"

enum state { FIRST, HEAD, DATA, AFTER, AFTER_CR, AFTER_DASH, CLOSED, CLOSED_CR, OVER, BROKEN };

struct part {
    struct form_part form;
    struct multipart_head head;
    struct buf data;
    size_t room;      /* bytes that may still come */
    bool room_is_all; /* of the whole form, not of this part alone */
};

struct multipart {
    struct multipart_limits limits;
    char delimiter[4 + MULTIPART_BOUNDARY_MAX + 1]; /* CR LF - - boundary */
    size_t delimiter_len;
    enum state state;
    size_t matched; /* bytes of the delimiter seen */
    bool at_start;  /* the first two of them belong to the blank line before the content */
    char head[MULTIPART_HEAD_MAX];
    size_t head_len;
    struct arena arena; /* the parts and their names */
    struct part *current;
    struct form_part *first, **tail;
    size_t parts, total;
    enum err err;
    const char *why;
};

static bool is_boundary_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("'()+_,-./:=?", c));
}

bool multipart_boundary(struct str content_type, struct str *ret)
{
    struct str rest = content_type;
    struct str value;

    if (!str_eq_nocase(str_trim(str_cut(&rest, ';')), STR("multipart/form-data")))
        return false;
    rest = str_trim(rest);
    if (rest.len < 9 || !str_eq_nocase((struct str){rest.at, 9}, STR("boundary=")))
        return false;
    value = (struct str){rest.at + 9, rest.len - 9};
    if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
        value = (struct str){value.at + 1, value.len - 2};
    if (!value.len || value.len > MULTIPART_BOUNDARY_MAX)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (!is_boundary_char(value.at[i]))
            return false;
    *ret = value;
    return true;
}

struct multipart *multipart_create(struct str boundary, const struct multipart_limits *limits)
{
    struct multipart *m = MEM_NEW(struct multipart);

    m->limits = *limits;
    if (!m->limits.parts)
        m->limits.parts = 16;
    if (!m->limits.name)
        m->limits.name = 100;
    if (!m->limits.file_name)
        m->limits.file_name = 255;
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary.at, boundary.len);
    m->delimiter_len = 4 + boundary.len;
    m->matched = 2; /* the body begins as if a line had just ended */
    m->tail = &m->first;
    return m;
}

void multipart_destroy(struct multipart *m)
{
    if (!m)
        return;
    for (struct form_part *p = m->first; p; p = p->next)
        buf_finish(&((struct part *)p)->data);
    arena_finish(&m->arena);
    mem_free(m);
}

static void broken(struct multipart *m, enum err e, const char *why)
{
    m->state = BROKEN;
    m->err = e;
    m->why = why;
}

static void part_begin(struct multipart *m)
{
    struct part *p;

    if (m->parts == m->limits.parts) {
        broken(m, ERR_TOO_LARGE, "the form has too many parts");
        return;
    }
    m->parts++;
    p = ARENA_NEW(&m->arena, struct part);
    p->room = m->limits.total - m->total;
    p->room_is_all = !m->limits.part || p->room <= m->limits.part;
    if (!p->room_is_all)
        p->room = m->limits.part;
    p->data = (struct buf){.max = p->room + 1, .secret = true};
    *m->tail = &p->form;
    m->tail = &p->form.next;
    m->current = p;
    m->head_len = 0;
    m->state = HEAD;
}

static void part_open(struct multipart *m)
{
    struct part *p = m->current;
    struct str text = {m->head, m->head_len};
    const char *why = multipart_head_read(&m->arena, text, &p->head);

    if (why) {
        broken(m, ERR_BAD_REQUEST, why);
        return;
    }
    if (!p->head.name.len || p->head.name.len > m->limits.name) {
        broken(m, ERR_BAD_REQUEST, "a part's name is empty or too long");
        return;
    }
    if (p->head.file_name.len > m->limits.file_name) {
        broken(m, ERR_BAD_REQUEST, "a part's file name is too long");
        return;
    }
    m->state = DATA;
    /* RFC 2046: the CRLF of the blank line may already be the delimiter's, for an empty part. */
    m->matched = 2;
    m->at_start = true;
}

static void part_close(struct multipart *m)
{
    struct part *p = m->current;

    m->state = AFTER;
    m->matched = 0;
    m->at_start = false;
    if (!p)
        return;
    p->form.name = p->head.name;
    p->form.is_file = p->head.is_file;
    p->form.file = (struct file){
        .name = p->head.file_name,
        .type = p->head.type,
        .data = buf_view(&p->data),
    };
    m->current = NULL;
}

static void data_add(struct multipart *m, const char *at, size_t len)
{
    struct part *p = m->current;

    if (!p || !len)
        return;
    if (len > p->room) {
        broken(m, ERR_TOO_LARGE,
               p->room_is_all ? "the form is too large" : "a part of the form is too large");
        return;
    }
    p->room -= len;
    m->total += len;
    buf_add(&p->data, at, len);
    if (p->data.failed)
        broken(m, ERR_BUSY, "out of memory for the form");
}

/* Takes as many bytes as it can; at least one. */
static size_t data_take(struct multipart *m, const char *at, size_t len)
{
    const char *cr;
    size_t plain;

    if (m->matched) {
        size_t unreal = m->at_start ? 2 : 0;
        size_t had = m->matched;

        if (*at == m->delimiter[m->matched]) {
            if (++m->matched == m->delimiter_len)
                part_close(m);
            return 1;
        }
        m->matched = 0;
        m->at_start = false;
        data_add(m, m->delimiter + unreal, had - unreal);
        return 0;
    }
    cr = memchr(at, '\r', len);
    plain = cr ? (size_t)(cr - at) : len;
    data_add(m, at, plain);
    if (cr && m->state == DATA) {
        m->matched = 1;
        return plain + 1;
    }
    return plain;
}

static size_t first_take(struct multipart *m, const char *at)
{
    if (*at != m->delimiter[m->matched])
        broken(m, ERR_BAD_REQUEST, "the form does not begin with its boundary");
    else if (++m->matched == m->delimiter_len)
        part_close(m);
    return 1;
}

static size_t head_take(struct multipart *m, const char *at)
{
    if (m->head_len == sizeof(m->head)) {
        broken(m, ERR_TOO_LARGE, "a part's headers are too long");
        return 1;
    }
    m->head[m->head_len++] = *at;
    if (m->head_len == 2 && memcmp(m->head, "\r\n", 2) == 0)
        broken(m, ERR_BAD_REQUEST, "a part has no headers");
    else if (m->head_len >= 4 && memcmp(m->head + m->head_len - 4, "\r\n\r\n", 4) == 0) {
        m->head_len -= 2;
        part_open(m);
    }
    return 1;
}

static void expect(struct multipart *m, char got, char want, enum state next)
{
    if (got == want)
        m->state = next;
    else
        broken(m, ERR_BAD_REQUEST, "bytes that do not belong there follow a boundary");
}

static size_t take(struct multipart *m, const char *at, size_t len)
{
    switch (m->state) {
    case FIRST:
        return first_take(m, at);
    case HEAD:
        return head_take(m, at);
    case DATA:
        return data_take(m, at, len);
    case AFTER:
        if (*at == '-')
            m->state = AFTER_DASH;
        else
            expect(m, *at, '\r', AFTER_CR);
        return 1;
    case AFTER_CR:
        expect(m, *at, '\n', HEAD);
        if (m->state == HEAD)
            part_begin(m);
        return 1;
    case AFTER_DASH:
        expect(m, *at, '-', CLOSED);
        return 1;
    case CLOSED:
        expect(m, *at, '\r', CLOSED_CR);
        return 1;
    case CLOSED_CR:
        expect(m, *at, '\n', OVER);
        return 1;
    case OVER:
        broken(m, ERR_BAD_REQUEST, "something follows the form's end");
        return 1;
    case BROKEN:
        break;
    }
    return len;
}

enum err multipart_feed(struct multipart *m, const char *at, size_t len)
{
    while (len && m->state != BROKEN) {
        size_t n = take(m, at, len);

        at += n;
        len -= n;
    }
    return m->err;
}

enum err multipart_end(struct multipart *m)
{
    if (m->state != BROKEN && m->state != CLOSED && m->state != OVER)
        broken(m, ERR_BAD_REQUEST, "the form ends before its closing boundary");
    return m->err;
}

const struct form_part *multipart_parts(const struct multipart *m)
{
    return m->err ? NULL : m->first;
}

const char *multipart_why(const struct multipart *m)
{
    return m->why ? m->why : "";
}
