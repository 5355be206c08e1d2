/* SPDX-License-Identifier: MIT */
#pragma once
/* What the gallery's search sees of its making. Private to the gallery. */
#include "face/gallery.h"
#include "face/gallery_rows.h"

struct directory {
    size_t n;
    struct chunk *at[];
};

/* The chunks as they are now, until gallery_leave with the same *half. Never waits for a writer. */
const struct directory *gallery_enter(const struct gallery *g, size_t *half);
void gallery_leave(const struct gallery *g, size_t half);
