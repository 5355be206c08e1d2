/* SPDX-License-Identifier: MIT */
#pragma once
/* Whether this build is watched by a sanitizer; gcc and clang say it differently. */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED_ADDRESS 1
#endif
#if __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED_ADDRESS 1
#endif

#if defined(SANITIZED_ADDRESS) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
