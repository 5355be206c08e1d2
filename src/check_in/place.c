/* SPDX-License-Identifier: MIT */
/* Distances on the globe, addresses in networks, and the sentences about them. */
#include "check_in/place.h"

#include <math.h>
#include <string.h>

#include "base/cidr.h"

#include "check_in/check_in_store.h"

#define F(...) FIELD(struct place, __VA_ARGS__)
static const struct field place_fields[] = {
    F(latitude, "Degrees north, -90 to 90", .required = true, .min = -90, .max = 90,
      .example = "33.5731"),
    F(longitude, "Degrees east, -180 to 180", .required = true, .min = -180, .max = 180,
      .example = "-7.5898"),
    F(accuracy_m, "Radius in metres within which the position is", .required = true, .min = 0,
      .max = 100000000, .example = "20"),
};
#undef F
const struct schema place_schema = SCHEMA(place, place_fields);

static double radians(double degrees)
{
    return degrees * (M_PI / 180);
}

double place_distance_m(double lat_a, double lon_a, double lat_b, double lon_b)
{
    const double radius_m = 6371008.8;
    double up = sin(radians(lat_b - lat_a) / 2);
    double along = sin(radians(lon_b - lon_a) / 2);
    double h = up * up + cos(radians(lat_a)) * cos(radians(lat_b)) * along * along;

    return 2 * radius_m * asin(sqrt(h < 1 ? h : 1));
}

static int64_t tens_up(double metres)
{
    return (int64_t)ceil(metres / 10) * 10;
}

static void judge_fence(const struct place_room *room, const struct place *p,
                        struct place_finding *f)
{
    double distance;

    if (!room->latitude.set || !room->longitude.set || !room->radius_m.set) {
        f->fence = FENCE_UNKNOWN;
        return;
    }
    if (!p) {
        f->fence = FENCE_UNSAID;
        return;
    }
    f->accuracy_m = tens_up(p->accuracy_m);
    if (p->accuracy_m > PLACE_ACCURACY_MAX_M) {
        f->fence = FENCE_VAGUE;
        return;
    }
    distance = place_distance_m(room->latitude.v, room->longitude.v, p->latitude, p->longitude);
    f->distance_m = tens_up(distance);
    f->fence = FENCE_OUTSIDE;
    if (distance - fmin(p->accuracy_m, PLACE_BENEFIT_MAX_M) <= (double)room->radius_m.v) {
        f->fence = FENCE_INSIDE;
        f->facts |= FACT_FENCE;
    }
}

struct place_finding place_judge(struct ctx *ctx, const struct place_room *room,
                                 const struct place *place)
{
    struct place_finding f = {.has_network = room->network.set && room->network.v.len > 0};

    judge_fence(room, place, &f);
    if (f.has_network && cidr_list_has(ctx, room->network.v, ctx->ip))
        f.facts |= FACT_SUBNET;
    return f;
}

enum err place_of_session(struct ctx *ctx, int64_t session_id, const struct place *place,
                          struct place_finding *ret)
{
    struct place_room room = {0};
    enum err e = check_in_store_room(ctx, session_id, &room);

    if (!e)
        *ret = place_judge(ctx, &room, place);
    return e;
}

const char *place_fence_name(enum place_fence f)
{
    switch (f) {
    case FENCE_INSIDE:
        return "inside";
    case FENCE_OUTSIDE:
        return "outside";
    case FENCE_VAGUE:
        return "vague";
    case FENCE_UNSAID:
        return "unsaid";
    case FENCE_UNKNOWN:
        break;
    }
    return "unknown";
}

struct opt_str place_note(struct ctx *ctx, const struct place_finding *f)
{
    if (f->fence == FENCE_VAGUE)
        return (struct opt_str){
            .set = true, .v = arena_printf(&ctx->arena, "± %lld m", (long long)f->accuracy_m)};
    if (f->fence != FENCE_INSIDE && f->fence != FENCE_OUTSIDE)
        return (struct opt_str){0};
    return (struct opt_str){.set = true,
                            .v = arena_printf(&ctx->arena, "%lld m ± %lld m",
                                              (long long)f->distance_m, (long long)f->accuracy_m)};
}

enum { EN, FR, AR, LANGUAGES };

static const char *const no_network[LANGUAGES] = {
    "No network is recorded for this room.",
    "Aucun réseau n’est enregistré pour cette salle.",
    "لا توجد شبكة مسجلة لهذه القاعة.",
};
static const char *const other_network[LANGUAGES] = {
    "Your device is not in the room’s network.",
    "Votre appareil n’est pas sur le réseau de la salle.",
    "جهازك ليس على شبكة القاعة.",
};
static const char *const no_circle[LANGUAGES] = {
    "No position is recorded for this room.",
    "Aucune position n’est enregistrée pour cette salle.",
    "لا يوجد موقع مسجل لهذه القاعة.",
};
static const char *const no_position[LANGUAGES] = {
    "Your position was not sent.",
    "Votre position n’a pas été envoyée.",
    "لم يتم إرسال موقعك.",
};

static struct str say_fence(struct ctx *ctx, const struct place_finding *f, int language)
{
    long long away = f->distance_m;
    long long within = f->accuracy_m;
    struct arena *a = &ctx->arena;

    if (f->fence == FENCE_VAGUE) {
        if (language == FR)
            return arena_printf(a, "Votre position n’est connue qu’à %lld m près.", within);
        if (language == AR)
            return arena_printf(a, "موقعك معروف بدقة %lld م فقط.", within);
        return arena_printf(a, "Your position is only known to %lld m.", within);
    }
    if (f->fence == FENCE_OUTSIDE) {
        if (language == FR)
            return arena_printf(a, "Vous êtes à environ %lld m de la salle.", away);
        if (language == AR)
            return arena_printf(a, "أنت على بعد حوالي %lld م من القاعة.", away);
        return arena_printf(a, "You are about %lld m away from the room.", away);
    }
    return str_of(f->fence == FENCE_UNSAID ? no_position[language] : no_circle[language]);
}

struct str place_why(struct ctx *ctx, const struct place_finding *f, uint32_t needed,
                     const char *language)
{
    int n = strcmp(language, "fr") == 0 ? FR : strcmp(language, "ar") == 0 ? AR : EN;
    uint32_t missing = needed & ~f->facts;
    struct str fence = {"", 0};
    struct str network = {"", 0};

    if (missing & FACT_FENCE)
        fence = say_fence(ctx, f, n);
    if (missing & FACT_SUBNET)
        network = str_of(f->has_network ? other_network[n] : no_network[n]);
    if (!fence.len || !network.len)
        return fence.len ? fence : network;
    return arena_printf(&ctx->arena, "%s %s", fence.at, network.at);
}
