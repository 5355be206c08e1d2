/* SPDX-License-Identifier: MIT */
#pragma once
/* Heap memory for long-lived objects (create/destroy). Everything else lives in an arena. */
#include <stddef.h>

/* Zeroed; dies when the machine is out of memory. */
void *mem_alloc(size_t size);
void *mem_array(size_t n, size_t size);
/* Resizes to n items; new bytes are not zeroed; dies when out of memory or on overflow. */
void *mem_resize(void *at, size_t n, size_t size);
/* 64-byte aligned and zeroed, for vectors; NULL when memory is short. Free by mem_free. */
void *mem_try_aligned(size_t size);
/* Takes NULL. */
void mem_free(void *at);
char *mem_strdup(const char *s);
/* For cleanup(mem_free_ptr). */
void mem_free_ptr(void *at);
/* Overwrites secrets; never optimised away. */
void secret_wipe(void *at, size_t size);

#define MEM_NEW(type_) ((type_ *)mem_alloc(sizeof(type_)))
