/* SPDX-License-Identifier: MIT */
#pragma once
/* cmocka, with the headers it wants before it and without its fail(), whose name is ours. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#undef fail
