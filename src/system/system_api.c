/* SPDX-License-Identifier: MIT */
/* The admin's view of the system. */
#include "system/system_api.h"

#include "system/system.h"

static enum err get(struct req *req)
{
    system_look_closely(req->ctx, req->out);
    return ERR_OK;
}

static const struct route routes[] = {
    {
        .id = "system_get",
        .method = HTTP_GET,
        .path = "/api/v1/system",
        .handler = get,
        .out = &system_schema,
        .need = PERM_SYSTEM_READ,
        .status = 200,
        .summary = "Read how the system is",
    },
};

const struct route_table system_api = ROUTE_TABLE("system", "The system itself", routes);
