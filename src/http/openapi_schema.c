/* SPDX-License-Identifier: MIT */
/* Field tables as JSON Schema. The bounds are those that json_bind and form_bind enforce. */
#include "http/openapi_schema.h"

#include <string.h>

enum { DEFAULT_TEXT_MAX = 1000, DEFAULT_ITEMS_MAX = 1000 };

static bool is_time(const struct field *f)
{
    return f->format && strcmp(f->format, "date-time") == 0;
}

static const char *json_type(const struct field *f)
{
    switch (f->type) {
    case FIELD_BOOL:
    case FIELD_OPT_BOOL:
        return "boolean";
    case FIELD_I64:
    case FIELD_OPT_I64:
        return is_time(f) ? "string" : "integer";
    case FIELD_F64:
    case FIELD_OPT_F64:
        return "number";
    case FIELD_STR:
    case FIELD_OPT_STR:
    case FIELD_FILE:
        return "string";
    case FIELD_LIST:
    case FIELD_I64S:
    case FIELD_STRS:
    case FIELD_FILES:
        return "array";
    case FIELD_OBJ:
        return "object";
    case FIELD_JSON:
        break;
    }
    return NULL;
}

static const char *json_format(const struct field *f)
{
    const char *type = json_type(f);

    if (f->type == FIELD_FILE)
        return "binary";
    if (f->format)
        return f->format;
    if (type && strcmp(type, "integer") == 0)
        return "int64";
    return type && strcmp(type, "number") == 0 ? "double" : NULL;
}

static void put_enum(struct doc *d, const char *const *one_of, bool nullable)
{
    if (!one_of)
        return;
    doc_array(d, "enum");
    for (size_t i = 0; one_of[i]; i++)
        doc_text(d, NULL, one_of[i]);
    if (nullable)
        doc_raw(d, NULL, "null");
    doc_array_end(d);
}

static void put_number_bounds(struct doc *d, const struct field *f)
{
    if (is_time(f) || (!f->min && !f->max))
        return;
    doc_i64(d, "minimum", f->min);
    if (f->max)
        doc_i64(d, "maximum", f->max);
}

static void put_bounds(struct doc *d, const struct field *f)
{
    const char *type = json_type(f);

    if (!type || f->type == FIELD_FILE)
        return;
    if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0) {
        put_number_bounds(d, f);
    } else if (strcmp(type, "array") == 0) {
        if (f->min)
            doc_i64(d, "minItems", f->min);
        doc_i64(d, "maxItems", f->max ? f->max : DEFAULT_ITEMS_MAX);
    } else if (strcmp(type, "string") == 0 && !is_time(f)) {
        if (f->min)
            doc_i64(d, "minLength", f->min);
        if (!f->one_of)
            doc_i64(d, "maxLength", f->max ? f->max : DEFAULT_TEXT_MAX);
    }
}

static void put_items(struct doc *d, const struct field *f)
{
    if (f->type == FIELD_LIST) {
        doc_ref(d, "items", "schemas", f->items->name);
        return;
    }
    doc_object(d, "items");
    doc_text(d, "type", f->type == FIELD_I64S ? "integer" : "string");
    if (f->type == FIELD_I64S)
        doc_text(d, "format", "int64");
    if (f->type == FIELD_FILES)
        doc_text(d, "format", "binary");
    if (f->type == FIELD_STRS)
        put_enum(d, f->one_of, false);
    doc_object_end(d);
}

static void put_type(struct doc *d, const struct field *f, bool nullable)
{
    const char *type = json_type(f);

    if (!type)
        return;
    if (!nullable) {
        doc_text(d, "type", type);
        return;
    }
    doc_array(d, "type");
    doc_text(d, NULL, type);
    doc_text(d, NULL, "null");
    doc_array_end(d);
}

/* A $ref that may be null, with a description beside it. */
static void put_object(struct doc *d, const struct field *f, bool nullable)
{
    if (!nullable) {
        doc_array(d, "allOf");
        doc_ref(d, NULL, "schemas", f->items->name);
        doc_array_end(d);
        return;
    }
    doc_array(d, "anyOf");
    doc_ref(d, NULL, "schemas", f->items->name);
    doc_object(d, NULL);
    doc_text(d, "type", "null");
    doc_object_end(d);
    doc_array_end(d);
}

static bool is_list(const struct field *f)
{
    return f->type == FIELD_LIST || f->type == FIELD_I64S || f->type == FIELD_STRS ||
           f->type == FIELD_FILES;
}

/* Fallbacks are text, as in a query; lists have commas. */
static void put_default(struct doc *d, const struct field *f)
{
    struct str rest = str_of(f->fallback);
    bool text = f->type == FIELD_STRS || strcmp(json_type(f) ? json_type(f) : "", "string") == 0;

    if (!f->fallback)
        return;
    if (!is_list(f)) {
        (text ? doc_text : doc_raw)(d, "default", f->fallback);
        return;
    }
    doc_array(d, "default");
    while (rest.len) {
        struct str item = str_cut(&rest, ',');

        if (text)
            doc_str(d, NULL, item);
        else
            doc_json(d, NULL, item);
    }
    doc_array_end(d);
}

void openapi_field(struct doc *d, const char *key, const struct field *f, enum schema_use use)
{
    bool nullable = use != USE_PARAM && field_is_optional(f) && !f->no_null;

    doc_object(d, key);
    if (use != USE_PARAM)
        doc_text(d, "description", f->doc);
    if (f->type == FIELD_OBJ) {
        put_object(d, f, use == USE_OUTPUT && !f->required);
    } else {
        put_type(d, f, nullable);
        if (json_format(f) && !is_list(f))
            doc_text(d, "format", json_format(f));
        if (!is_list(f))
            put_enum(d, f->one_of, nullable);
        else
            put_items(d, f);
        if (use != USE_OUTPUT)
            put_bounds(d, f);
    }
    put_default(d, f);
    if (f->secret && use == USE_INPUT)
        doc_bool(d, "writeOnly", true);
    if (f->example && use != USE_PARAM) {
        doc_array(d, "examples");
        doc_raw(d, NULL, f->example);
        doc_array_end(d);
    }
    doc_object_end(d);
}

static bool is_shown(const struct field *f, enum schema_use use)
{
    return f->in == IN_BODY && !(f->hidden && use == USE_OUTPUT);
}

void openapi_schema(struct doc *d, const struct schema *s, enum schema_use use)
{
    bool any = false;

    doc_object(d, s->name);
    doc_text(d, "type", "object");
    doc_object(d, "properties");
    for (size_t i = 0; i < s->n; i++)
        if (is_shown(&s->fields[i], use))
            openapi_field(d, s->fields[i].name, &s->fields[i], use);
    doc_object_end(d);
    for (size_t i = 0; i < s->n; i++) {
        if (!is_shown(&s->fields[i], use) || (use == USE_INPUT && !s->fields[i].required))
            continue;
        if (!any)
            doc_array(d, "required");
        any = true;
        doc_text(d, NULL, s->fields[i].name);
    }
    if (any)
        doc_array_end(d);
    if (use == USE_INPUT)
        doc_bool(d, "additionalProperties", false);
    doc_object_end(d);
}
