/* SPDX-License-Identifier: MIT */
/* What a signal says in a sentence: what was seen, never that somebody cheated. */
#include <stdlib.h>

#include "signals/signals.h"

static int64_t some(struct opt_i64 v)
{
    return v.set ? v.v : 0;
}

static void word_shared(struct ctx *ctx, const struct signal_facts *f, struct words *w)
{
    size_t n = f->students.n;
    long long minutes = (long long)some(f->minutes);

    w->en = arena_printf(&ctx->arena,
                         "One device checked in %zu students of this session (%lld minutes from "
                         "the first to the last).",
                         n, minutes);
    w->fr = arena_printf(&ctx->arena,
                         "Un même appareil a enregistré %zu étudiants de cette séance (%lld "
                         "minutes du premier au dernier).",
                         n, minutes);
    w->ar = arena_printf(&ctx->arena,
                         "جهاز واحد سجّل حضور عدة طلاب في هذه الحصة (العدد: %zu، الدقائق بين الأول "
                         "والأخير: %lld).",
                         n, minutes);
}

static void word_travel(struct ctx *ctx, const struct signal_facts *f, struct words *w)
{
    long long minutes = (long long)some(f->minutes);

    if (!f->km.set) {
        w->en = STR("The student checked in to two sessions that take place at the same time.");
        w->fr = STR("L’étudiant s’est enregistré dans deux séances qui ont lieu en même temps.");
        w->ar = STR("سُجّل حضور الطالب في حصتين تُعقدان في الوقت نفسه.");
        return;
    }
    w->en = arena_printf(&ctx->arena,
                         "The student checked in at two places %.1f km apart, %lld minutes after "
                         "each other: %.0f km/h.",
                         f->km.v, minutes, f->kmh.v);
    w->fr = arena_printf(&ctx->arena,
                         "L’étudiant s’est enregistré dans deux lieux distants de %.1f km à %lld "
                         "minutes d’intervalle : %.0f km/h.",
                         f->km.v, minutes, f->kmh.v);
    w->ar = arena_printf(&ctx->arena,
                         "سُجّل حضور الطالب في مكانين تفصل بينهما %.1f كم بفارق %lld من الدقائق: "
                         "%.0f كم/س.",
                         f->km.v, minutes, f->kmh.v);
}

static void word_duplicate(struct ctx *ctx, const struct signal_facts *f, struct words *w)
{
    size_t n = f->events.n;

    w->en = arena_printf(&ctx->arena,
                         "The student checked in %zu times within %d minutes of each other, by "
                         "different ways or devices.",
                         n, SIGNAL_TWICE_MIN);
    w->fr = arena_printf(&ctx->arena,
                         "L’étudiant s’est enregistré %zu fois à moins de %d minutes "
                         "d’intervalle, par des moyens ou des appareils différents.",
                         n, SIGNAL_TWICE_MIN);
    w->ar = arena_printf(&ctx->arena,
                         "سُجّل حضور الطالب أكثر من مرة (%zu) بفارق لا يتجاوز %d من الدقائق، بطرق أو "
                         "أجهزة مختلفة.",
                         n, SIGNAL_TWICE_MIN);
}

static void word_failures(struct ctx *ctx, const struct signal_facts *f, struct words *w)
{
    long long n = (long long)some(f->failed);

    w->en = arena_printf(&ctx->arena, "%lld liveness checks in a row failed.", n);
    w->fr = arena_printf(&ctx->arena, "%lld contrôles du vivant de suite ont échoué.", n);
    w->ar = arena_printf(&ctx->arena, "فشلت فحوص حيوية متتالية (العدد: %lld).", n);
}

static void word_foreign(struct words *w)
{
    w->en = STR("The student checked in by code or PIN from outside the room’s network.");
    w->fr = STR("L’étudiant s’est enregistré par code ou PIN hors du réseau de la salle.");
    w->ar = STR("سُجّل حضور الطالب برمز أو رقم سري من خارج شبكة القاعة.");
}

static void word_skew(struct ctx *ctx, const struct signal_facts *f, struct words *w)
{
    bool slow = some(f->skew_s) > 0;
    long long minutes = llabs((long long)some(f->skew_s)) / 60;
    size_t n = f->events.n;

    w->en =
        arena_printf(&ctx->arena,
                     "The clock of a client was %lld minutes %s; the times of %zu of its events "
                     "were put right.",
                     minutes, slow ? "slow" : "fast", n);
    w->fr = arena_printf(&ctx->arena,
                         "L’horloge d’un appareil %s de %lld minutes ; l’heure de %zu de ses "
                         "événements a été corrigée.",
                         slow ? "retardait" : "avançait", minutes, n);
    w->ar = arena_printf(&ctx->arena,
                         "ساعة أحد الأجهزة %s (الدقائق: %lld)، وصُحّح وقت أحداثه (العدد: %zu).",
                         slow ? "متأخرة" : "متقدمة", minutes, n);
}

void signal_word(struct ctx *ctx, enum signal_kind kind, const struct signal_facts *facts,
                 struct words *ret)
{
    switch (kind) {
    case SIGNAL_SHARED_DEVICE:
        word_shared(ctx, facts, ret);
        break;
    case SIGNAL_IMPOSSIBLE_TRAVEL:
        word_travel(ctx, facts, ret);
        break;
    case SIGNAL_DUPLICATE:
        word_duplicate(ctx, facts, ret);
        break;
    case SIGNAL_LIVENESS_FAILURES:
        word_failures(ctx, facts, ret);
        break;
    case SIGNAL_FOREIGN_NETWORK:
        word_foreign(ret);
        break;
    case SIGNAL_CLOCK_SKEW:
        word_skew(ctx, facts, ret);
        break;
    case SIGNAL_KINDS:
        break;
    }
}
