/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A pack: which nets there are, what goes in and what comes out, and which similarity names
 * somebody. It is a folder with pack.json; docs/models.md tells its members. Read-only once read.
 * Only src/face includes this.
 */
#include "base/buf.h"

#include "face/identify.h"
#include "face/parts.h"

#define PACK_FILE    "pack.json"
#define PACK_DEFAULT "default"

enum {
    PACK_JSON_MAX_BYTES = 64 << 10,
    PACK_MODEL_MAX_BYTES = 512 << 20,
    PACK_ID_MAX = 64,
};

/* SCRFD: three kinds of numbers, each at strides 8, 16 and 32, for two anchors a cell. */
enum { SCRFD_KINDS = 3, SCRFD_LEVELS = 3, SCRFD_ANCHORS = 2, SCRFD_SIDE = 640 };

/* How a net's numbers become faces. */
enum pack_adapter {
    ADAPTER_ULTRAFACE,  /* detect: scores and decoded boxes */
    ADAPTER_SCRFD,      /* detect: distances from anchors at three strides, with five points */
    ADAPTER_IBUG68,     /* landmark: 68 points, 0..1 of the square */
    ADAPTER_EMBEDDING,  /* embed: one vector of an aligned face */
    ADAPTER_EYE_STATE,  /* eye: logits of closed and open */
    ADAPTER_MINIFASNET, /* passive_liveness: three logits, the first is live */
};

enum pack_channels { CHANNELS_GREY, CHANNELS_RGB, CHANNELS_BGR };

struct pack_net {
    bool used;
    struct str file, licence, source;
    struct strs sha256; /* of which the file has one; empty: not recorded yet */
    enum pack_adapter adapter;
    enum pack_channels channels;
    int64_t width, height;
    double mean, std;          /* what goes in is (0..255 - mean) / std */
    double min_score, max_iou; /* detect */
    bool logits;               /* SCRFD: scores are without the sigmoid */
};

/* What a face must have; what is not asked is -INFINITY or INFINITY. */
struct face_limits {
    double height_px, luma_least, luma_most, yaw_offset, roll_deg, sharpness, eye_closed, cut_share,
        norm;
};

struct pack {
    struct str id;
    bool builtin; /* its pack.json is compiled in, its files lie in the models folder */
    bool derived; /* known by its file names; its checksums are not recorded yet */
    struct pack_net nets[NET_COUNT];
    struct str model; /* stored with every template; empty: made of the embedding's checksum */
    struct point template[5];
    struct face_rule rule;
    struct face_limits limits[2]; /* by enum face_purpose */
};

/* The default pack, by its name or by none. */
bool pack_is_builtin(struct str id);
/* "detect"; the names of pack.json. */
const char *pack_role(enum face_net id);
/* Lower-case letters, digits, dot, dash and underscore, at most PACK_ID_MAX, no dot in front. */
bool pack_id_is_valid(struct str id);

/*
 * Reads the pack `id` of the folder; empty or "default": the built-in one. Everything lies in ctx's
 * arena. ERR_MODELS_UNAVAILABLE, and the detail names the pack and what is wrong.
 */
must_check enum err pack_read(struct ctx *ctx, const char *packs_dir, struct str id,
                              struct pack *ret);
/* The same of the text of a pack.json that lies in a folder named `id`; without the pack's name in
 * what is told. Derived: files may be without checksums. */
must_check enum err pack_parse(struct ctx *ctx, struct str id, struct str text, bool derived,
                               struct pack *ret);
/*
 * A pack of InsightFace as it is handed out: a folder without pack.json, with one det_*.onnx and
 * one w600k_*.onnx; gives the text of its pack.json, with the files' checksums where `hashes` holds
 * them (detect, embed), else with none.
 */
must_check enum err pack_derive(struct ctx *ctx, struct str id, const char *folder,
                                const struct str hashes[2], struct str *ret);

/*
 * Reads a file of a pack's folder into memory of its own; `name` has no slash. A link, or what is
 * no plain file, is refused: nothing outside the folder is ever read. ERR_NOT_FOUND, ERR_TOO_LARGE,
 * ERR_MODELS_UNAVAILABLE.
 */
must_check enum err pack_read_file(struct ctx *ctx, const char *folder, const char *name,
                                   size_t max, struct buf *ret);

/* What a net takes and gives, for net_open. */
void pack_shape(const struct pack *p, enum face_net id, struct net_shape *ret);
/* face_models_list without the runtime, which takes a while to read. */
struct list face_models_files(struct ctx *ctx, const struct face_models *m);
const struct pack *face_models_pack(const struct face_models *m);
/* The pack of a worker's nets; only after face_net_of went well. */
const struct pack *face_pack_of(const struct ctx *ctx);
struct pixel_scale pack_scale(const struct pack_net *net);
/* Numbers as a net wants them: n pixels of RGB into three planes. */
void pack_fill(const struct pack_net *net, const uint8_t *rgb, size_t n, float *planes);
