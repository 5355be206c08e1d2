/* SPDX-License-Identifier: MIT */
/* Sentences of alerts in English, French and Arabic. */
#include "alerts/alerts_words.h"

#include "base/settings.h"
#include "base/zone.h"

#include "alerts/rules.h"

static const char *const weekdays[3][7] = {
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"},
};

/* "21.1", with the language's decimal sign. */
static struct str percent(struct ctx *ctx, double share, char sign)
{
    int64_t tenths = (int64_t)(share * 1000 + 0.5);

    return arena_printf(&ctx->arena, "%lld%c%lld", (long long)(tenths / 10), sign,
                        (long long)(tenths % 10));
}

static struct str date_of(struct ctx *ctx, int64_t at)
{
    struct str s = zone_format(&ctx->arena, ctx->services->settings->time_zone, at);

    return (struct str){s.at, s.len < 10 ? s.len : 10};
}

static void ladder(struct ctx *ctx, struct alert *a)
{
    long long n = a->absences;
    long long of = a->counted;

    a->why_en = arena_printf(&ctx->arena,
                             "Absence of %s %% of the sessions that count: %lld of %lld missed.",
                             percent(ctx, a->share, '.').at, n, of);
    a->why_fr = arena_printf(&ctx->arena,
                             "Absence de %s %% des séances qui comptent : %lld manquées sur %lld.",
                             percent(ctx, a->share, ',').at, n, of);
    a->why_ar = arena_printf(&ctx->arena, "نسبة الغياب %s %% من الحصص المحتسبة: %lld من أصل %lld.",
                             percent(ctx, a->share, '.').at, n, of);
}

static void consecutive(struct ctx *ctx, struct alert *a)
{
    struct str from = date_of(ctx, a->since_at);
    struct str to = date_of(ctx, a->latest_at);
    long long n = a->absences;

    a->why_en = arena_printf(&ctx->arena, "%lld absences in a row, from %.*s to %.*s.", n,
                             (int)from.len, from.at, (int)to.len, to.at);
    a->why_fr = arena_printf(&ctx->arena, "%lld absences de suite, du %.*s au %.*s.", n,
                             (int)from.len, from.at, (int)to.len, to.at);
    a->why_ar = arena_printf(&ctx->arena, "غيابات متتالية عددها %lld، من %.*s إلى %.*s.", n,
                             (int)from.len, from.at, (int)to.len, to.at);
}

static void on_weekday(struct ctx *ctx, struct alert *a)
{
    size_t day = a->weekday >= 1 && a->weekday <= 7 ? (size_t)a->weekday - 1 : 0;
    long long n = a->absences;
    long long of = a->counted;

    a->why_en = arena_printf(&ctx->arena, "Missed %lld of %lld sessions on %ss within six weeks.",
                             n, of, weekdays[0][day]);
    a->why_fr = arena_printf(&ctx->arena, "%lld séances manquées sur %lld le %s en six semaines.",
                             n, of, weekdays[1][day]);
    a->why_ar = arena_printf(&ctx->arena, "غاب عن %lld من أصل %lld حصص يوم %s خلال ستة أسابيع.", n,
                             of, weekdays[2][day]);
}

static void first_lesson(struct ctx *ctx, struct alert *a)
{
    long long n = a->absences;
    long long of = a->counted;

    a->why_en = arena_printf(&ctx->arena,
                             "Late or absent in the first lesson on %lld of %lld days within four"
                             " weeks, and there later in the day.",
                             n, of);
    a->why_fr = arena_printf(&ctx->arena,
                             "En retard ou absent au premier cours %lld jours sur %lld en quatre"
                             " semaines, présent plus tard dans la journée.",
                             n, of);
    a->why_ar = arena_printf(&ctx->arena,
                             "تأخر أو غياب في الحصة الأولى في %lld من أصل %lld أيام خلال أربعة"
                             " أسابيع، مع الحضور لاحقا في اليوم نفسه.",
                             n, of);
}

void alert_words(struct ctx *ctx, struct alert *a)
{
    switch (alert_kind_of(a->kind)) {
    case ALERT_LADDER:
        ladder(ctx, a);
        return;
    case ALERT_CONSECUTIVE:
        consecutive(ctx, a);
        return;
    case ALERT_WEEKDAY:
        on_weekday(ctx, a);
        return;
    case ALERT_FIRST_LESSON:
        first_lesson(ctx, a);
        return;
    case ALERT_KINDS:
        return;
    }
}
