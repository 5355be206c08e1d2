/* SPDX-License-Identifier: MIT */
/* Reads one thing out of EXIF: which way up the camera was held. */
#include "face/codec.h"

enum { TAG_ORIENTATION = 0x112, TYPE_SHORT = 3, TYPE_LONG = 4, ENTRY_BYTES = 12 };

static uint32_t u16_at(const char *at, bool little)
{
    return little ? le16(at) : be16(at);
}

static uint32_t u32_at(const char *at, bool little)
{
    return little ? le32(at) : be32(at);
}

static int orientation_of_entry(const char *entry, bool little)
{
    uint32_t type = u16_at(entry + 2, little);
    uint32_t value = 0;

    if (type == TYPE_SHORT)
        value = u16_at(entry + 8, little);
    else if (type == TYPE_LONG)
        value = u32_at(entry + 8, little);
    return value >= 1 && value <= 8 ? (int)value : 1;
}

int exif_orientation(struct str tiff)
{
    if (tiff.len < 8)
        return 1;
    bool little = tiff.at[0] == 'I' && tiff.at[1] == 'I';
    bool big = tiff.at[0] == 'M' && tiff.at[1] == 'M';
    if ((!little && !big) || u16_at(tiff.at + 2, little) != 42)
        return 1;

    size_t ifd = u32_at(tiff.at + 4, little);
    if (ifd > tiff.len - 2)
        return 1;
    size_t n = u16_at(tiff.at + ifd, little);
    size_t fits = (tiff.len - ifd - 2) / ENTRY_BYTES;
    for (size_t i = 0; i < n && i < fits; i++) {
        const char *entry = tiff.at + ifd + 2 + i * ENTRY_BYTES;
        if (u16_at(entry, little) == TAG_ORIENTATION)
            return orientation_of_entry(entry, little);
    }
    return 1;
}
