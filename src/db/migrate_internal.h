/* SPDX-License-Identifier: MIT */
#pragma once
/* The table that tools/embed_migrations.py writes; its last entry has the number 0. */
#include "db/migrate.h"

extern const struct migration migrations_table[];
