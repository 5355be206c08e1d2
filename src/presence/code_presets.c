/* SPDX-License-Identifier: MIT */
/*
 * Ready-made sets of status codes. "england" has the letters of the attendance register that the
 * Department for Education prescribes (Working together to improve school attendance, 2024), laid
 * onto the fixed categories; "french" the usual marks of a vie scolaire.
 */
#include "db/tx.h"
#include "presence/codes.h"
#include "presence/codes_store.h"

#define GREEN  "#15803d"
#define TEAL   "#0f766e"
#define AMBER  "#b45309"
#define YELLOW "#a16207"
#define ORANGE "#c2410c"
#define BLUE   "#1d4ed8"
#define VIOLET "#6d28d9"
#define RED    "#b91c1c"

/* The first code of a category is its default. */
struct preset_code {
    const char *code, *category, *en, *fr, *ar, *colour;
    int64_t weight;
};

/* clang-format off */
static const struct preset_code basic[] = {
    {"P", "present", "Present", "Présent", "حاضر", GREEN, 1000},
    {"L", "late", "Late", "En retard", "متأخر", AMBER, 1000},
    {"PA", "partial", "Partly present", "Présence partielle", "حضور جزئي", YELLOW, 500},
    {"LE", "left_early", "Left early", "Parti avant la fin", "غادر مبكرا", ORANGE, 1000},
    {"E", "excused", "Excused", "Excusé", "غياب مبرر", BLUE, 0},
    {"A", "absent", "Absent", "Absent", "غائب", RED, 0},
    {"R", "remote", "Present remotely", "Présent à distance", "حاضر عن بعد", TEAL, 1000},
};

static const struct preset_code french[] = {
    {"P", "present", "Present", "Présent", "حاضر", GREEN, 1000},
    {"INF", "present", "In the infirmary", "À l’infirmerie", "في المصحة", GREEN, 1000},
    {"SOR", "present", "School outing", "Sortie scolaire", "خرجة مدرسية", GREEN, 1000},
    {"STG", "present", "Work placement", "Stage", "تدريب ميداني", GREEN, 1000},
    {"RET", "late", "Late", "Retard", "متأخر", AMBER, 1000},
    {"PP", "partial", "Part of the half-day", "Présent une partie de la demi-journée", "حضور جزئي", YELLOW, 500},
    {"DA", "left_early", "Left early", "Départ anticipé", "غادر مبكرا", ORANGE, 1000},
    {"AJ", "excused", "Absence with a valid reason", "Absence justifiée", "غياب مبرر", BLUE, 0},
    {"EXC", "excused", "Suspended", "Exclusion temporaire", "إقصاء مؤقت", VIOLET, 0},
    {"DISP", "excused", "Exempted", "Dispensé", "معفى", BLUE, 0},
    {"ANJ", "absent", "Absence without a valid reason", "Absence injustifiée", "غياب غير مبرر", RED, 0},
    {"DIST", "remote", "Present remotely", "À distance", "حاضر عن بعد", TEAL, 1000},
};

static const struct preset_code england[] = {
    {"/", "present", "Present in the morning", "Présent le matin", "حاضر صباحا", GREEN, 1000},
    {"\\", "present", "Present in the afternoon", "Présent l’après-midi", "حاضر بعد الزوال", GREEN, 1000},
    {"B", "present", "Educated off site", "Enseignement hors site", "تعليم خارج المؤسسة", GREEN, 1000},
    {"K", "present", "Provision arranged by the local authority", "Enseignement organisé par l’autorité locale", "تعليم تنظمه السلطة المحلية", GREEN, 1000},
    {"P", "present", "Approved sporting activity", "Activité sportive autorisée", "نشاط رياضي مرخص", GREEN, 1000},
    {"V", "present", "Educational visit or trip", "Sortie ou voyage scolaire", "زيارة أو رحلة تربوية", GREEN, 1000},
    {"W", "present", "Work experience", "Stage en entreprise", "تدريب في العمل", GREEN, 1000},
    {"L", "late", "Late, before the register closed", "En retard, avant la clôture", "متأخر قبل إغلاق السجل", AMBER, 1000},
    {"PA", "partial", "Present for a part", "Présence partielle", "حضور جزئي", YELLOW, 500},
    {"LE", "left_early", "Left early", "Parti avant la fin", "غادر مبكرا", ORANGE, 1000},
    {"C", "excused", "Leave of absence", "Absence autorisée", "إذن بالغياب", BLUE, 0},
    {"C1", "excused", "Regulated performance or employment abroad", "Spectacle ou emploi réglementé à l’étranger", "عرض أو عمل منظم في الخارج", BLUE, 0},
    {"C2", "excused", "Part-time timetable", "Emploi du temps aménagé", "جدول بدوام جزئي", BLUE, 0},
    {"D", "excused", "Registered at another school too", "Inscrit aussi ailleurs", "مسجل أيضا في مدرسة أخرى", BLUE, 0},
    {"E", "excused", "Suspended or excluded", "Exclu", "موقوف أو مفصول", VIOLET, 0},
    {"I", "excused", "Illness", "Maladie", "مرض", BLUE, 0},
    {"J1", "excused", "Interview", "Entretien", "مقابلة", BLUE, 0},
    {"M", "excused", "Medical or dental appointment", "Rendez-vous médical ou dentaire", "موعد طبي", BLUE, 0},
    {"Q", "excused", "No access arrangements", "Transport non assuré", "تعذر النقل", BLUE, 0},
    {"R", "excused", "Religious observance", "Fête religieuse", "مناسبة دينية", BLUE, 0},
    {"S", "excused", "Study leave", "Congé de révision", "إجازة للمراجعة", BLUE, 0},
    {"T", "excused", "Parent travelling for work", "Parents en déplacement professionnel", "سفر الوالدين للعمل", BLUE, 0},
    {"X", "excused", "Not required to attend", "Présence non exigée", "الحضور غير مطلوب", BLUE, 0},
    {"Y", "excused", "Unable to attend", "Empêchement exceptionnel", "تعذر الحضور", BLUE, 0},
    {"N", "absent", "No reason known yet", "Motif pas encore connu", "السبب غير معروف بعد", RED, 0},
    {"G", "absent", "Holiday that was not granted", "Vacances non accordées", "عطلة غير مأذون بها", RED, 0},
    {"O", "absent", "Other unauthorised absence", "Autre absence non autorisée", "غياب آخر غير مأذون به", RED, 0},
    {"U", "absent", "Arrived after the register closed", "Arrivé après la clôture", "وصل بعد إغلاق السجل", ORANGE, 0},
    {"RM", "remote", "Present remotely", "Présent à distance", "حاضر عن بعد", TEAL, 1000},
};
/* clang-format on */

static const struct {
    const char *name;
    const struct preset_code *codes;
    size_t n;
} presets[] = {
    {"basic", basic, COUNT(basic)},
    {"french", french, COUNT(french)},
    {"england", england, COUNT(england)},
};

static const struct field preset_fields[] = {
    FIELD(struct status_code_preset, codes, "Codes in use now", .required = true,
          .items = &status_code_schema),
    FIELD(struct status_code_preset, left_out,
          "Codes of the preset that stand for another category in this school's records",
          .required = true, .example = "[]"),
};
const struct schema status_code_preset_schema = SCHEMA(status_code_preset, preset_fields);

/* What was there before, and what of it is needed. */
struct taking {
    struct ctx *ctx;
    struct list before; /* struct status_code */
    struct strs used;
    bool defaults[PRESENCE_STATUSES]; /* categories that have one of the preset's */
    struct strs left_out;
};

static bool has(const struct strs *all, struct str code)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->at[i], code))
            return true;
    return false;
}

static const struct status_code *find(const struct list *all, struct str code)
{
    const struct status_code *at = all->at;

    for (size_t i = 0; i < all->n; i++)
        if (str_eq(at[i].code, code))
            return &at[i];
    return NULL;
}

static enum err write_code(struct taking *t, const struct status_code *was,
                           struct status_code *code)
{
    int64_t n = 0;
    enum err e = ERR_OK;

    if (was && str_eq(was->category, code->category)) {
        struct status_code now = {0};

        /* Its default may have been taken from it a moment ago. */
        e = codes_get(t->ctx, was->id, &now);
        code->id = was->id;
        code->version = now.version;
        return e ? e : codes_update(t->ctx, code, &n);
    }
    if (was)
        e = codes_delete(t->ctx, was->id);
    return e ? e : codes_insert(t->ctx, code, &n);
}

static enum err take_code(struct taking *t, const struct preset_code *p, int64_t position)
{
    struct str letter = str_of(p->code), category = str_of(p->category);
    enum presence_status status = presence_status_of(category);
    const struct status_code *was = find(&t->before, letter);
    struct status_code code = {
        .code = letter,
        .category = category,
        .label_en = str_of(p->en),
        .label_fr = str_of(p->fr),
        .label_ar = str_of(p->ar),
        .colour = str_of(p->colour),
        .weight = p->weight,
        .position = position,
        .is_default = !t->defaults[status],
    };
    enum err e = ERR_OK;

    if (was && !str_eq(was->category, category) && has(&t->used, letter)) {
        t->left_out.at[t->left_out.n++] = letter;
        return ERR_OK;
    }
    t->defaults[status] = true;
    if (code.is_default)
        e = codes_drop_default(t->ctx, category);
    return e ? e : write_code(t, was, &code);
}

static bool in_preset(const struct preset_code *codes, size_t n, const struct status_code *code)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(code->code, codes[i].code) && str_is(code->category, codes[i].category))
            return true;
    return false;
}

/* Codes that are not of the preset go, or go out of sight; after those that are. */
static enum err put_away(struct taking *t, const struct preset_code *codes, size_t n)
{
    struct list now = {0};
    const struct status_code *at;
    enum err e = codes_fetch(t->ctx, &now);

    at = now.at;
    for (size_t i = 0; !e && i < now.n; i++) {
        struct status_code code = at[i];
        int64_t changed;

        if (in_preset(codes, n, &code))
            continue;
        if (!has(&t->used, code.code) && !code.is_default) {
            e = codes_delete(t->ctx, code.id);
            continue;
        }
        code.archived = !code.is_default;
        code.position = (int64_t)(n + 1 + i);
        e = codes_update(t->ctx, &code, &changed);
    }
    return e;
}

static enum err pin_all(struct ctx *ctx)
{
    enum err e = ERR_OK;

    for (int s = PRESENCE_PRESENT; !e && s < PRESENCE_STATUSES; s++)
        e = codes_pin(ctx, str_of(presence_status_name((enum presence_status)s)));
    return e;
}

/* Codes that were left out may have been a category's only ones. */
static enum err check_defaults(struct ctx *ctx)
{
    struct status_code code;
    enum err e = ERR_OK;

    for (int s = PRESENCE_PRESENT; !e && s < PRESENCE_STATUSES; s++) {
        struct str category = str_of(presence_status_name((enum presence_status)s));

        e = codes_find(ctx, category, (struct str){"", 0}, &code);
        if (e == ERR_NOT_FOUND)
            return fail(ctx, ERR_IN_USE, "no code would be left for %s", category.at);
    }
    return e;
}

static enum err take_preset(struct taking *t, const struct preset_code *codes, size_t n)
{
    enum err e = pin_all(t->ctx);

    e = e ? e : codes_fetch(t->ctx, &t->before);
    e = e ? e : codes_used(t->ctx, &t->used);
    t->left_out.at = ARENA_NEW_N(&t->ctx->arena, struct str, n);
    for (size_t i = 0; !e && i < n; i++)
        e = take_code(t, &codes[i], (int64_t)i + 1);
    e = e ? e : put_away(t, codes, n);
    e = e ? e : check_defaults(t->ctx);
    return e ? e : codes_reweigh(t->ctx, (struct str){"", 0});
}

enum err code_preset(struct ctx *ctx, struct str name, struct status_code_preset *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct taking t = {.ctx = ctx};
    struct page page = {0};
    enum err e = tx_begin(ctx, &tx);

    for (size_t i = 0; i < COUNT(presets); i++)
        if (!e && str_is(name, presets[i].name))
            e = take_preset(&t, presets[i].codes, presets[i].n);
    e = e ? e : codes_page(ctx, &(struct page_query){.limit = 200}, &page);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = (struct status_code_preset){page.items, t.left_out};
    return e;
}
