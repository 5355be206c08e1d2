/* SPDX-License-Identifier: MIT */
#pragma once
/* The sentence of a decision. Private to recognition/. */
#include "recognition/decision.h"

void decision_word(struct ctx *ctx, const struct decision_facts *facts, struct decision_why *ret);
