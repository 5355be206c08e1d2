/* SPDX-License-Identifier: MIT */
#pragma once
/* The few attributes the code base uses everywhere. */

#define cleanup(func_)      __attribute__((cleanup(func_)))
#define must_check          __attribute__((warn_unused_result))
#define format_like(f_, a_) __attribute__((format(printf, f_, a_)))

#define COUNT(array_) (sizeof(array_) / sizeof((array_)[0]))
