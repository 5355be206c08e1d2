/* SPDX-License-Identifier: MIT */
#pragma once
/* The words of the page about one person. Private to privacy/. */
#include "base/str.h"

/* In the language (en, fr, ar) for the name of a part or a column; the name itself when unknown. */
const char *person_word(struct str locale, const char *name);
