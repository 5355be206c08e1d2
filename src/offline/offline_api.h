/* SPDX-License-Identifier: MIT */
#pragma once
#include "http/route.h"

extern const struct route_table offline_api;
