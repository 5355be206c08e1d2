/* SPDX-License-Identifier: MIT */
/* The members of pack.json, with their limits. What they mean together: pack_read.c. */
#include "face/pack_form.h"

#define F(...) FIELD(struct input_form, __VA_ARGS__)
static const struct field input_fields[] = {
    F(width, "Pixels", .required = true, .min = 8, .max = 2048),
    F(height, "Pixels", .required = true, .min = 8, .max = 2048),
    F(channels, "Order of the planes", .required = true, .one_of = ONE_OF("rgb", "bgr", "grey")),
    F(mean, "Taken from 0..255 first", .required = true, .min = -1000, .max = 1000),
    F(std, "Divides then", .required = true, .min = 0, .max = 1000),
};
#undef F
static const struct schema input_schema = SCHEMA(input_form, input_fields);

#define F(...) FIELD(struct model_form, __VA_ARGS__)
static const struct field model_fields[] = {
    F(role, "What it is for", .required = true,
      .one_of = ONE_OF("detect", "landmark", "embed", "eye", "passive_liveness")),
    F(file, "In the pack's folder", .required = true, .min = 1, .max = 100),
    F(sha256, "Checksums of which the file has one", .required = true, .max = 4),
    F(licence, "What its maker allows", .required = true, .min = 1, .max = 200),
    F(source, "Where it comes from", .required = true, .min = 1, .max = 200),
    F(adapter, "How its numbers are read", .required = true, .min = 1, .max = 40),
    F(input, "What goes in", .required = true, .items = &input_schema),
    F(scores, "Of SCRFD: whether its scores went through the sigmoid",
      .one_of = ONE_OF("probabilities", "logits")),
    F(min_score, "Of a detector: faces below are dropped", .min = 0, .max = 1),
    F(max_iou, "Of a detector: boxes that overlap more are of one face", .min = 0, .max = 1),
};
#undef F
static const struct schema model_schema = SCHEMA(model_form, model_fields);

#define F(...) FIELD(struct point_form, __VA_ARGS__)
static const struct field point_fields[] = {
    F(x, "Pixels", .required = true, .min = 0, .max = 112),
    F(y, "Pixels", .required = true, .min = 0, .max = 112),
};
#undef F
static const struct schema point_schema = SCHEMA(point_form, point_fields);

#define F(...) FIELD(struct embedding_form, __VA_ARGS__)
static const struct field embedding_fields[] = {
    F(model, "Stored with every template; absent: made of the embedding's checksum", .min = 1,
      .max = 100),
    F(dimension, "How many numbers", .required = true, .min = 1, .max = 65536),
    F(template, "Image-left eye, image-right eye, nose, image-left and -right mouth corner",
      .required = true, .items = &point_schema, .min = 5, .max = 5),
};
#undef F
static const struct schema embedding_schema = SCHEMA(embedding_form, embedding_fields);

#define F(...) FIELD(struct threshold_form, __VA_ARGS__)
static const struct field threshold_fields[] = {
    F(persons, "So many who may be named", .required = true, .min = 1, .max = 100000000),
    F(threshold, "Least similarity", .required = true, .min = 0, .max = 1),
};
#undef F
static const struct schema threshold_schema = SCHEMA(threshold_form, threshold_fields);

#define F(...) FIELD(struct limits_form, __VA_ARGS__)
static const struct field limits_fields[] = {
    F(height_px, "Least height of the box", .min = 0, .max = 10000),
    F(luma_least, "Least brightness", .min = 0, .max = 255),
    F(luma_most, "Most brightness", .min = 0, .max = 255),
    F(yaw_offset, "Less than this", .min = 0, .max = 10),
    F(roll_deg, "Most tilt", .min = 0, .max = 180),
    F(sharpness, "Least variance of the Laplacian", .min = 0, .max = 100000),
    F(eye_closed, "Most probability of a closed eye", .min = 0, .max = 1),
    F(cut_share, "Most of the height outside the picture", .min = 0, .max = 1),
    F(norm, "Least length of the raw embedding", .min = 0, .max = 100000),
};
#undef F
static const struct schema limits_schema = SCHEMA(limits_form, limits_fields);

#define F(...) FIELD(struct quality_form, __VA_ARGS__)
static const struct field quality_fields[] = {
    F(enrolment, "To be enrolled", .required = true, .items = &limits_schema),
    F(recognition, "To be recognised", .required = true, .items = &limits_schema),
};
#undef F
static const struct schema quality_schema = SCHEMA(quality_form, quality_fields);

#define F(...) FIELD(struct pack_form, __VA_ARGS__)
static const struct field pack_fields[] = {
    F(format, "1", .required = true, .min = 1, .max = 1),
    F(id, "The folder's name", .required = true, .min = 1, .max = 64),
    F(models, "The nets", .required = true, .items = &model_schema, .min = 2, .max = 5),
    F(embedding, "What the embedding needs and gives", .required = true,
      .items = &embedding_schema),
    F(thresholds, "For one person; up to so many; from so many on", .required = true,
      .items = &threshold_schema, .min = 3, .max = 3),
    F(min_margin, "Least distance to the next person", .required = true, .min = 0, .max = 1),
    F(quality, "What a face must have", .required = true, .items = &quality_schema),
};
#undef F
const struct schema pack_form_schema = SCHEMA(pack_form, pack_fields);
