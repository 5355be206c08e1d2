/* SPDX-License-Identifier: MIT */
/* One operation of the OpenAPI document: parameters, body, rights. */
#include <string.h>

#include "http/bind.h"
#include "http/openapi.h"
#include "http/openapi_parts.h"
#include "http/openapi_schema.h"

static void put_header_name(struct doc *d, const char *field)
{
    char name[HEADER_NAME_MAX];

    bind_header_name(field, name);
    doc_text(d, "name", name);
}

static const char *place_name(enum field_in in)
{
    switch (in) {
    case IN_PATH:
        return "path";
    case IN_QUERY:
        return "query";
    case IN_HEADER:
        return "header";
    case IN_BODY:
        break;
    }
    return "";
}

static void put_parameter(struct doc *d, const struct field *f)
{
    doc_object(d, NULL);
    if (f->in == IN_HEADER)
        put_header_name(d, f->name);
    else
        doc_text(d, "name", f->name);
    doc_text(d, "in", place_name(f->in));
    doc_text(d, "description", f->doc);
    if (f->required || f->in == IN_PATH)
        doc_bool(d, "required", true);
    if (f->type == FIELD_I64S || f->type == FIELD_STRS)
        doc_bool(d, "explode", false);
    openapi_field(d, "schema", f, USE_PARAM);
    if (f->example)
        doc_raw(d, "example", f->example);
    doc_object_end(d);
}

static void put_parameters(struct doc *d, const struct route *r)
{
    bool own =
        schema_has(r->in, IN_PATH) || schema_has(r->in, IN_QUERY) || schema_has(r->in, IN_HEADER);

    if (!own && !route_takes_key(r) && !route_takes_version(r))
        return;
    doc_array(d, "parameters");
    for (size_t i = 0; r->in && i < r->in->n; i++)
        if (r->in->fields[i].in != IN_BODY)
            put_parameter(d, &r->in->fields[i]);
    if (route_takes_version(r))
        doc_ref(d, NULL, "parameters", r->last_wins ? "if_match_optional" : "if_match");
    if (route_takes_key(r))
        doc_ref(d, NULL, "parameters", "idempotency_key");
    doc_array_end(d);
}

static bool body_is_required(const struct schema *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].in == IN_BODY && s->fields[i].required)
            return true;
    return false;
}

static void put_body(struct doc *d, const struct route *r)
{
    if (!schema_has(r->in, IN_BODY))
        return;
    doc_object(d, "requestBody");
    doc_bool(d, "required", body_is_required(r->in));
    doc_object(d, "content");
    doc_object(d, r->consumes ? r->consumes : "application/json");
    doc_ref(d, "schema", "schemas", r->in->name);
    doc_object_end(d);
    doc_object_end(d);
    doc_object_end(d);
}

static void put_rights(struct doc *d, const struct route *r)
{
    doc_array(d, "security");
    if (r->need != PERM_PUBLIC) {
        doc_object(d, NULL);
        doc_array(d, "bearer");
        doc_array_end(d);
        doc_object_end(d);
        doc_object(d, NULL);
        doc_array(d, "cookie");
        doc_array_end(d);
        doc_object_end(d);
    }
    doc_array_end(d);
    doc_text(d, "x-permission", perm_name(r->need));
    doc_array(d, "x-roles");
    for (enum role role = ROLE_NONE; role < ROLE_COUNT; role++)
        if (perm_allows(r->need, role))
            doc_text(d, NULL, role_name(role));
    doc_array_end(d);
}

/* OpenAPI has no words for WebSocket messages: client sends `in`, the server `out`. */
static void put_messages(struct doc *d, const struct route *r)
{
    if (r->kind != ROUTE_WS)
        return;
    doc_object(d, "x-websocket");
    if (r->ws_in)
        doc_ref(d, "client", "schemas", r->ws_in->name);
    if (r->ws_out)
        doc_ref(d, "server", "schemas", r->ws_out->name);
    doc_object_end(d);
}

void openapi_operation(struct doc *d, const struct route *r, const char *tag)
{
    static const char *const verbs[] = {
        [HTTP_GET] = "get",     [HTTP_POST] = "post",     [HTTP_PUT] = "put",
        [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete",
    };

    doc_object(d, verbs[r->method]);
    doc_array(d, "tags");
    doc_text(d, NULL, tag);
    doc_array_end(d);
    doc_text(d, "operationId", r->id);
    doc_text(d, "summary", r->summary);
    doc_text(d, "description", r->description);
    put_rights(d, r);
    put_parameters(d, r);
    put_body(d, r);
    openapi_responses(d, r);
    put_messages(d, r);
    doc_object_end(d);
}
