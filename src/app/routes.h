/* SPDX-License-Identifier: MIT */
#pragma once
#include "http/route.h"

/* Every endpoint of the product. */
extern const struct routes app_routes;
