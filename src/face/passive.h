/* SPDX-License-Identifier: MIT */
#pragma once
/* Whether one picture of a face looks like a living one to a net. A hint, never a gate. */
#include "face/face.h"

/*
 * Probability, 0..1, that the face is live, by fr_liveness.onnx as docs/liveness.md tells.
 * ERR_MODELS_UNAVAILABLE (also when only this net is missing), ERR_IMAGE_INVALID (empty box).
 */
must_check enum err face_passive(struct ctx *ctx, const struct image *im,
                                 const struct face_found *f, double *ret);
