/* SPDX-License-Identifier: MIT */
#pragma once
/* A few routes that answer what they were sent, for tests of the transport alone. */
#include "http/route.h"

extern const struct route_table echo_api;
