/* SPDX-License-Identifier: MIT */
/* What a pack's nets take and give: shapes by adapter, and pixels into planes. */
#include "face/pack.h"

/* UltraFace has 3, 2, 2, 3 boxes a cell at strides 8, 16, 32, 64. */
static int64_t ultraface_boxes(int64_t width, int64_t height)
{
    static const int64_t strides[4] = {8, 16, 32, 64}, boxes[4] = {3, 2, 2, 3};
    int64_t n = 0;

    for (size_t i = 0; i < COUNT(strides); i++)
        n += boxes[i] * ((width + strides[i] - 1) / strides[i]) *
             ((height + strides[i] - 1) / strides[i]);
    return n;
}

static void scrfd_shape(const struct pack_net *net, struct net_shape *s)
{
    static const int64_t columns[SCRFD_KINDS] = {1, 4, 10}; /* score, distances, points */

    s->n_outputs = (size_t)SCRFD_KINDS * SCRFD_LEVELS;
    for (size_t i = 0; i < s->n_outputs; i++) {
        int64_t stride = 8LL << (i % SCRFD_LEVELS);
        s->out[i][0] = SCRFD_ANCHORS * (net->width / stride) * (net->height / stride);
        s->out[i][1] = columns[i / SCRFD_LEVELS];
        /* Published files say the sizes of 640 x 640, whatever goes in. */
        s->said[i] = SCRFD_ANCHORS * (SCRFD_SIDE / stride) * (SCRFD_SIDE / stride);
    }
}

static void one_output(struct net_shape *s, int64_t columns)
{
    s->n_outputs = 1;
    s->out[0][0] = 1;
    s->out[0][1] = columns;
}

void pack_shape(const struct pack *p, enum face_net id, struct net_shape *ret)
{
    const struct pack_net *net = &p->nets[id];
    struct net_shape s = {
        .name = net->file.at,
        .in = {1, net->channels == CHANNELS_GREY ? 1 : 3, net->height, net->width},
    };

    switch (net->adapter) {
    case ADAPTER_ULTRAFACE:
        s.n_outputs = 2;
        s.outputs[0] = "scores";
        s.outputs[1] = "boxes";
        s.out[0][0] = s.out[1][0] = 1;
        s.out[0][1] = s.out[1][1] = ultraface_boxes(net->width, net->height);
        s.out[0][2] = 2;
        s.out[1][2] = 4;
        break;
    case ADAPTER_SCRFD:
        scrfd_shape(net, &s);
        break;
    case ADAPTER_IBUG68:
        one_output(&s, 2 * (int64_t)LANDMARKS);
        break;
    case ADAPTER_EMBEDDING:
        one_output(&s, FACE_DIM);
        break;
    case ADAPTER_EYE_STATE:
        one_output(&s, 2);
        break;
    case ADAPTER_MINIFASNET:
        one_output(&s, 3);
        break;
    }
    *ret = s;
}

struct pixel_scale pack_scale(const struct pack_net *net)
{
    return (struct pixel_scale){
        .factor = 1 / net->std,
        .shift = -net->mean / net->std,
        .blue_first = net->channels == CHANNELS_BGR,
        .pad = net->adapter == ADAPTER_SCRFD ? 0 : 127,
    };
}

void pack_fill(const struct pack_net *net, const uint8_t *rgb, size_t n, float *planes)
{
    const float factor = (float)(1 / net->std), shift = (float)(-net->mean / net->std);
    size_t first = net->channels == CHANNELS_BGR ? 2 : 0;

    for (size_t i = 0; i < n; i++, rgb += 3) {
        planes[i] = (float)rgb[first] * factor + shift;
        planes[n + i] = (float)rgb[1] * factor + shift;
        planes[2 * n + i] = (float)rgb[2 - first] * factor + shift;
    }
}
