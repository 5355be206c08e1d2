/* SPDX-License-Identifier: MIT */
#pragma once
/* Between the files of alerts/. */
#include "alerts/alerts.h"

/* Tells admins, the owner and the trainer; part of the caller's transaction. */
must_check enum err alert_tell(struct ctx *ctx, const char *name, const struct alert *a);
