/* SPDX-License-Identifier: MIT */
#pragma once
#include "base/arena.h"
#include "base/schema.h"

/*
 * The search form of a name or e-mail: NFKD, without marks (accents, Arabic harakat and tatweel),
 * case-folded, Arabic alef, yeh and teh marbuta forms made alike, every script's digits as 0…9, no
 * invisible characters, runs of white space as one space.
 * "Élodie  DURÁN" and "elodie duran" fold alike. Ill-formed UTF-8 folds to "".
 */
struct str str_fold(struct arena *a, struct str s);

/*
 * The pattern for `LIKE $1 ESCAPE '!'` that finds `q` anywhere in a search form; absent (NULL in
 * SQL) when `q` is empty.
 */
struct opt_str str_search(struct arena *a, struct str q);
