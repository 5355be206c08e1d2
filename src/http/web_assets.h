/* SPDX-License-Identifier: MIT */
#pragma once
/* The built web app and the API's page, inside the binary; written by tools/embed_web.py. */
#include "http/static.h"

/* Empty in a build with -Dweb=false. */
extern const struct asset_table web_assets;
