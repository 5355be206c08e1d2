/* SPDX-License-Identifier: MIT */
/*
 * Any bytes into document_inspect. What is taken must begin as its type says, what is refused must
 * come with a reason, and looking twice says the same.
 */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "justifications/inspect.h"

static bool begins_as(const char *type, const uint8_t *data, size_t size)
{
    if (strcmp(type, "application/pdf") == 0)
        return size > 5 && memcmp(data, "%PDF-", 5) == 0;
    return size > 3 &&
           memcmp(data, strcmp(type, "image/png") == 0 ? "\x89PN" : "\xff\xd8\xff", 3) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ctx ctx = {.ports = &system_ports};
    struct str bytes = {(const char *)data, size};
    const char *type = NULL, *again = NULL;
    enum err e;

    ctx_reset(&ctx);
    e = document_inspect(&ctx, bytes, &type);
    assert(e ? !type && ctx.fault.detail.len > 0 : begins_as(type, data, size));
    fault_clear(&ctx);
    assert(document_inspect(&ctx, bytes, &again) == e);
    assert(e || strcmp(type, again) == 0);
    return 0;
}
