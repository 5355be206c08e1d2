/* SPDX-License-Identifier: MIT */
#pragma once
/* The one function of a fuzz target, by libFuzzer's name. */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
