/* SPDX-License-Identifier: MIT */
/* A head of five points under rotation and weak perspective, with a little sway. */
#include "live_scene.h"

#include <math.h>
#include <string.h>

static const double RAD = 3.14159265358979 / 180;
static const double RELIEF = 0.55;

void scene_begin(struct scene *s, const enum live_challenge *seq, size_t n)
{
    *s = (struct scene){.at_ms = SCENE_START_MS,
                        .seed = 1,
                        .size = 60,
                        .x = 320,
                        .y = 200,
                        .passive = NAN,
                        .person = 1,
                        .faces = 1};
    s->l = liveness_create(seq, n, SCENE_START_MS, SCENE_START_MS + LIVE_SESSION_MS);
    assert_non_null(s->l);
}

void scene_end(struct scene *s)
{
    liveness_destroy(s->l);
    s->l = NULL;
}

static uint64_t bits(struct scene *s)
{
    s->seed = s->seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return s->seed >> 33;
}

static void place(const struct scene *s, struct face_found *f)
{
    static const double head[5][2] = {{-0.5, 0}, {0.5, 0}, {0, 0.6}, {-0.4, 1.1}, {0.4, 1.1}};
    double cy = cos(s->yaw), sy = sin(s->yaw), cp = cos(s->pitch), sp = sin(s->pitch);

    for (size_t i = 0; i < 5; i++) {
        double x = head[i][0], y = head[i][1], z = i == 2 && !s->flat ? RELIEF : 0;
        double turned = x * cy + z * sy, deep = z * cy - x * sy;
        f->points[i].x = s->x + s->size * turned;
        f->points[i].y = s->y + s->size * (y * cp - deep * sp);
    }
    double ex = f->points[1].x - f->points[0].x, ey = f->points[1].y - f->points[0].y;
    double nx = f->points[2].x - f->points[0].x, ny = f->points[2].y - f->points[0].y;
    f->yaw_offset = (nx * ex + ny * ey) / (ex * ex + ey * ey) - 0.5;
    f->yaw_deg = 80 * f->yaw_offset;
    f->box = (struct face_box){s->x - 1.1 * s->size, s->y - s->size, 2.2 * s->size, 2.8 * s->size};
}

struct live_frame scene_frame(struct scene *s, struct face_found *faces)
{
    struct live_frame frame = {.at_ms = s->at_ms,
                               .number = s->number,
                               .width = 640,
                               .height = 480,
                               .faces = faces,
                               .n = (size_t)s->faces,
                               .passive = s->passive};
    uint64_t tag = bits(s);

    memcpy(frame.digest, &tag, sizeof(tag));
    for (size_t i = 0; i < COUNT(frame.print.cells); i++)
        frame.print.cells[i] = (uint16_t)(s->same_print ? i * 97 : bits(s) % 60000);
    for (int i = 0; i < s->faces; i++) {
        struct face_found *f = &faces[i];
        *f = (struct face_found){.score = 1, .luma = 120, .sharpness = 200, .norm = 4};
        place(s, f);
        f->embedded = true;
        f->embedding[s->person] = 1;
        f->eyes_closed[0] = f->eyes_closed[1] = s->closed;
        for (size_t k = 0; i && k < 5; k++)
            f->points[k].x -= 300;
        f->box.x -= i ? 300 : 0;
    }
    return frame;
}

enum live_state scene_feed(struct scene *s)
{
    struct face_found faces[2];
    struct live_frame frame = scene_frame(s, faces);

    s->last = liveness_feed(s->l, &frame);
    s->at_ms += SCENE_STEP_MS;
    s->number++;
    if (!s->still)
        s->x += 0.8;
    return s->last.state;
}

void scene_wait(struct scene *s, int frames)
{
    for (int i = 0; i < frames; i++)
        (void)scene_feed(s);
}

void scene_blink(struct scene *s)
{
    scene_wait(s, 4);
    s->closed = 0.95;
    scene_wait(s, 2);
    s->closed = 0;
    scene_wait(s, 1);
}

void scene_turn(struct scene *s, double yaw_deg, double pitch_deg)
{
    static const double path[] = {0, 0, 0, 0.2, 0.5, 0.8, 1, 1, 1, 0.8, 0.5, 0.2, 0, 0};

    for (size_t i = 0; i < COUNT(path); i++) {
        s->yaw = path[i] * yaw_deg * RAD;
        s->pitch = path[i] * pitch_deg * RAD;
        (void)scene_feed(s);
    }
}

void scene_come(struct scene *s, double growth)
{
    double from = s->size;

    scene_wait(s, 3);
    for (int i = 1; i <= 8; i++) {
        s->size = from * (1 + (growth - 1) * i / 8);
        (void)scene_feed(s);
    }
    scene_wait(s, 2);
}

bool scene_refused(const struct scene *s, enum live_refusal why)
{
    struct live_result r = liveness_result(s->l);

    for (size_t i = 0; i < r.n_reasons; i++)
        if (r.reasons[i] == why)
            return true;
    for (size_t i = 0; i < r.n_reasons; i++)
        print_error("reason: %s\n", live_refusal_name(r.reasons[i]));
    return false;
}
