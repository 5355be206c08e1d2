/* SPDX-License-Identifier: MIT */
#pragma once
/* What an alert says to people: one sentence with its numbers, in each language. */
#include "alerts/alerts.h"

void alert_words(struct ctx *ctx, struct alert *a);
