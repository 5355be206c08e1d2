/* SPDX-License-Identifier: MIT */
#pragma once
/* The packs that the repository has, as text: packs/NAME/pack.json, embedded by the build. */
#include "base/str.h"

extern const struct str pack_text_default;
extern const struct str pack_text_insightface; /* file names with a star: for pack_derive */
