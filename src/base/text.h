/* SPDX-License-Identifier: MIT */
#pragma once
/* The one rule for names: of people, groups, rooms, codes, labels. */
#include "base/arena.h"
#include "base/str.h"

/*
 * A name is one line of text that shows what it is: no line breaks, no other control characters,
 * none that turn the direction of what stands after it (embeddings, overrides and isolates of
 * Unicode's UAX #9; the marks LRM, RLM and ALM are allowed), no noncharacters, well-formed UTF-8.
 */
bool text_is_name(struct str s);
/* Without white space around it, in normal form C (UAX #15), so that equal names are equal bytes.
 * False leaves *ret untouched: what remains is no name. It may be empty. */
bool text_name(struct arena *a, struct str s, struct str *ret);
/* Makes a name of what others wrote: what a name must not have becomes a space, runs of white
 * space one. Ill-formed UTF-8 reads as empty. */
struct str text_to_name(struct arena *a, struct str s);
