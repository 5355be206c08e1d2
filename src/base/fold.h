/* SPDX-License-Identifier: MIT */
#pragma once
#include "base/arena.h"

/*
 * The search form of a name or e-mail: NFKD, without marks (accents, Arabic harakat and tatweel),
 * case-folded, Arabic alef, yeh and teh marbuta forms made alike, runs of white space as one space.
 * "Élodie  DURÁN" and "elodie duran" fold alike. Ill-formed UTF-8 folds to "".
 */
struct str str_fold(struct arena *a, struct str s);
