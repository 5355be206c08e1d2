/* SPDX-License-Identifier: MIT */
/* Which role holds which permission: the list in route.h, read as two small tables. */
#include <string.h>

#include "http/route.h"

static const char *const names[] = {
#define X(id, name, roles) [PERM_##id] = name,
    PERM_LIST(X)
#undef X
};

static const char *const holders[] = {
#define X(id, name, roles) [PERM_##id] = roles,
    PERM_LIST(X)
#undef X
};

const char *perm_name(enum perm p)
{
    return (size_t)p < COUNT(names) ? names[p] : "";
}

static char role_letter(enum role r)
{
    switch (r) {
    case ROLE_ADMIN:
        return 'a';
    case ROLE_TRAINER:
        return 't';
    case ROLE_STUDENT:
        return 's';
    case ROLE_GUARDIAN:
        return 'g';
    case ROLE_KIOSK:
        return 'k';
    case ROLE_NONE:
    case ROLE_COUNT:
        break;
    }
    return '\0';
}

bool perm_allows(enum perm p, enum role r)
{
    char letter = role_letter(r);

    if (p == PERM_PUBLIC)
        return true;
    return letter && (size_t)p < COUNT(holders) && strchr(holders[p], letter);
}
