/* SPDX-License-Identifier: MIT */
/*
 * Decisions and ways in words, in English, French and Arabic. Texts hold places in braces; those
 * for minutes come with their unit, declined as the language wants it.
 */
#include "base/buf.h"

#include "presence/checks.h"

enum language { ENGLISH, FRENCH, ARABIC, LANGUAGES };

static const char *const ways_words[LANGUAGES][WAY_COUNT] = {
    [ENGLISH] =
        {
            [WAY_FACE] = "face",
            [WAY_KIOSK] = "kiosk",
            [WAY_SELF] = "own phone",
            [WAY_CLASS_PHOTO] = "class photo",
            [WAY_QR] = "rotating code",
            [WAY_PIN] = "PIN",
            [WAY_DEVICE] = "reader",
            [WAY_IMPORT] = "import",
            [WAY_MANUAL] = "by hand",
        },
    [FRENCH] =
        {
            [WAY_FACE] = "visage",
            [WAY_KIOSK] = "borne",
            [WAY_SELF] = "téléphone personnel",
            [WAY_CLASS_PHOTO] = "photo de classe",
            [WAY_QR] = "code tournant",
            [WAY_PIN] = "code PIN",
            [WAY_DEVICE] = "lecteur",
            [WAY_IMPORT] = "import",
            [WAY_MANUAL] = "à la main",
        },
    [ARABIC] =
        {
            [WAY_FACE] = "الوجه",
            [WAY_KIOSK] = "جهاز التسجيل",
            [WAY_SELF] = "الهاتف الشخصي",
            [WAY_CLASS_PHOTO] = "صورة القسم",
            [WAY_QR] = "الرمز المتجدد",
            [WAY_PIN] = "الرقم السري",
            [WAY_DEVICE] = "قارئ البطاقات",
            [WAY_IMPORT] = "الاستيراد",
            [WAY_MANUAL] = "يدويا",
        },
};

static const char *const fact_words[LANGUAGES][3] = {
    [ENGLISH] = {"inside the room's area", "on the room's network", "with a liveness test"},
    [FRENCH] = {"dans la zone de la salle", "sur le réseau de la salle", "avec test du vivant"},
    [ARABIC] = {"داخل محيط القاعة", "على شبكة القاعة", "مع اختبار الحيوية"},
};

static const char *const status_words[LANGUAGES][PRESENCE_STATUSES] = {
    [ENGLISH] = {"not marked", "present", "late", "partly present", "left early", "excused",
                 "absent", "present remotely"},
    [FRENCH] = {"non noté", "présent", "en retard", "présence partielle", "départ anticipé",
                "excusé", "absent", "présent à distance"},
    [ARABIC] = {"غير مسجل", "حاضر", "متأخر", "حضور جزئي", "غادر مبكرا", "غياب مبرر", "غائب",
                "حاضر عن بعد"},
};

static const char *const any_words[LANGUAGES] = {"any way", "tous les moyens", "أي وسيلة"};
static const char *const manual_words[LANGUAGES] = {"by hand only", "à la main seulement",
                                                    "يدويا فقط"};
static const char *const or_words[LANGUAGES] = {" or ", " ou ", " أو "};

/* Where one reason needs more than one sentence. */
enum { BEFORE_START = REASON_COUNT, AT_START, RULES_SAY, WITHOUT_IT, VARIANTS };

static const char *const texts[VARIANTS][LANGUAGES] = {
    [REASON_NOTHING] = {"No check-in yet.", "Aucun pointage pour le moment.",
                        "لا يوجد تسجيل حضور بعد."},
    [REASON_ON_TIME] = {"Checked in {after} after the start, still on time.",
                        "Pointage {after} après le début, encore à l’heure.",
                        "تم تسجيل الحضور بعد {after} من البداية، في الوقت."},
    [BEFORE_START] = {"Checked in {before} before the start.", "Pointage {before} avant le début.",
                      "تم تسجيل الحضور قبل البداية بـ {before}."},
    [AT_START] = {"Checked in at the start.", "Pointage au moment du début.",
                  "تم تسجيل الحضور عند البداية."},
    [REASON_CAME_LATE] = {"Checked in {after} after the start; late after {late}.",
                          "Pointage {after} après le début ; en retard au-delà de {late}.",
                          "تم تسجيل الحضور بعد {after} من البداية؛ يعد متأخرا بعد {late}."},
    [REASON_CAME_TOO_LATE] =
        {"Checked in {after} after the start; counted absent after {absent}.",
         "Pointage {after} après le début ; absence comptée au-delà de {absent}.",
         "تم تسجيل الحضور بعد {after} من البداية؛ يحسب غائبا بعد {absent}."},
    [REASON_TOO_EARLY] =
        {"Seen only before the check-in opened, {open} before the start.",
         "Passage avant l’ouverture du pointage seulement ({open} avant le début).",
         "لم يظهر إلا قبل فتح التسجيل، أي {open} قبل البداية."},
    [REASON_AFTER_END] = {"Seen only after the end of the session.",
                          "Passage après la fin de la séance seulement.",
                          "لم يظهر إلا بعد نهاية الحصة."},
    [REASON_WAY_NOT_ALLOWED] = {"Seen, but not by a way that counts here: {ways}.",
                                "Passage par un moyen qui ne compte pas ici ; comptent : {ways}.",
                                "ظهر بوسيلة لا تحتسب هنا؛ الوسائل المقبولة: {ways}."},
    [REASON_NOT_IN_FENCE] = {"The check-in was not inside the room's area.",
                             "Le pointage n’a pas été fait dans la zone de la salle.",
                             "لم يتم التسجيل داخل محيط القاعة."},
    [REASON_NOT_IN_SUBNET] = {"The check-in did not come from the room's network.",
                              "Le pointage n’est pas venu du réseau de la salle.",
                              "لم يأت التسجيل من شبكة القاعة."},
    [REASON_NOT_LIVE] = {"The check-in came without a passed liveness test.",
                         "Le pointage est venu sans test du vivant réussi.",
                         "تم التسجيل دون اجتياز اختبار الحيوية."},
    [REASON_SECOND_WAY] = {"One of the ways asked for is still missing: {ways}.",
                           "Un des moyens demandés manque encore : {ways}.",
                           "ما زالت إحدى الوسائل المطلوبة ناقصة: {ways}."},
    [REASON_NO_CHECK_OUT] = {"Came, but did not check out, which this session asks for.",
                             "Arrivée pointée, mais pas la sortie, que la séance demande.",
                             "سجل الحضور دون تسجيل الخروج المطلوب في هذه الحصة."},
    [REASON_WENT_EARLY] = {"Checked out {left} before the end; left early when more than {late}.",
                           "Sortie {left} avant la fin ; départ anticipé au-delà de {late}.",
                           "تم تسجيل الخروج قبل النهاية بـ {left}؛ تعد مغادرة مبكرة فوق {late}."},
    [REASON_TOO_SHORT] = {"There for {there} at most; at least {min} asked for.",
                          "Présence de {there} au plus ; minimum demandé : {min}.",
                          "مدة الحضور {there} على الأكثر؛ الحد الأدنى المطلوب: {min}."},
    [REASON_REGISTER_CLOSED] = {"No check-in when the register was closed.",
                                "Aucun pointage à la clôture du registre.",
                                "لا يوجد تسجيل حضور عند إغلاق السجل."},
    [REASON_PERSON_SAID] = {"Marked by hand: {status}.", "Noté à la main : {status}.",
                            "تم التسجيل يدويا: {status}."},
    [RULES_SAY] = {"Marked by hand: {status}. By the rules: {derived}.",
                   "Noté à la main : {status}. Selon les règles : {derived}.",
                   "تم التسجيل يدويا: {status}. حسب القواعد: {derived}."},
    [REASON_JUSTIFIED] = {"Covered by an approved justification.",
                          "Couvert par une justification acceptée.", "مغطى بتبرير مقبول."},
    [WITHOUT_IT] = {"Covered by an approved justification; without it: {derived}.",
                    "Couvert par une justification acceptée ; sans elle : {derived}.",
                    "مغطى بتبرير مقبول؛ وبدونه: {derived}."},
};

static enum language language_of(const char *name)
{
    struct str l = str_of(name);

    if (str_is(l, "fr"))
        return FRENCH;
    return str_is(l, "ar") ? ARABIC : ENGLISH;
}

/* Arabic: one, two, three to ten (of the last hundred), more; French: nought and one alike. */
static void minutes(struct buf *b, enum language l, int64_t n)
{
    int64_t few = n % 100;

    if (l == ARABIC && n == 1)
        buf_puts(b, "دقيقة واحدة");
    else if (l == ARABIC && n == 2)
        buf_puts(b, "دقيقتين");
    else if (l == ARABIC)
        buf_printf(b, "%lld %s", (long long)n, few >= 3 && few <= 10 ? "دقائق" : "دقيقة");
    else
        buf_printf(b, "%lld minute%s", (long long)n, n == 1 || (l == FRENCH && n == 0) ? "" : "s");
}

static void say_ways(struct buf *b, enum language l, const struct presence_ways *ways)
{
    if (ways->any || !ways->n)
        buf_puts(b, ways->any ? any_words[l] : manual_words[l]);
    for (size_t i = 0; i < ways->n; i++) {
        const char *between = i ? or_words[l] : "";

        for (int w = 0; w < WAY_COUNT; w++)
            if (ways->clauses[i].ways >> w & 1) {
                buf_printf(b, "%s%s", between, ways_words[l][w]);
                between = " + ";
            }
        for (size_t f = 0; f < COUNT(fact_words[l]); f++)
            if (ways->clauses[i].facts >> f & 1)
                buf_printf(b, " %s", fact_words[l][f]);
    }
}

struct str ways_say(struct ctx *ctx, const struct presence_ways *ways, const char *language)
{
    cleanup(buf_finish) struct buf b = BUF(4096);

    say_ways(&b, language_of(language), ways);
    return arena_str(&ctx->arena, buf_view(&b));
}

struct saying {
    const struct presence_rule *rule;
    const struct presence *p;
    enum language l;
};

/* Minutes that were there or, when the student did not leave, could be at most. */
static int64_t there(const struct saying *s)
{
    int64_t from = s->p->in_at > s->rule->starts_at ? s->p->in_at : s->rule->starts_at;

    if (s->p->minutes_present >= 0)
        return s->p->minutes_present;
    return (s->rule->ends_at - from) / PRESENCE_MINUTE_MS;
}

static void fill(struct buf *b, const struct saying *s, struct str place)
{
    const struct presence_rule *r = s->rule;
    const struct presence *p = s->p;
    const struct {
        const char *name;
        int64_t minutes;
    } numbers[] = {
        {"after", checks_minutes_late(r, p->in_at)},
        {"before", (r->starts_at - p->in_at + PRESENCE_MINUTE_MS - 1) / PRESENCE_MINUTE_MS},
        {"left", (r->ends_at - p->out_at) / PRESENCE_MINUTE_MS},
        {"late", r->late_after_min},
        {"absent", r->absent_after_min},
        {"open", r->open_before_min},
        {"min", r->min_minutes},
        {"there", there(s)},
    };

    for (size_t i = 0; i < COUNT(numbers); i++)
        if (str_is(place, numbers[i].name))
            minutes(b, s->l, numbers[i].minutes);
    if (str_is(place, "ways"))
        say_ways(b, s->l, &r->ways);
    if (str_is(place, "status"))
        buf_puts(b, status_words[s->l][p->status]);
    if (str_is(place, "derived"))
        buf_puts(b, status_words[s->l][p->derived]);
}

static int variant(const struct presence_rule *rule, const struct presence *p)
{
    bool other = p->derived != p->status && p->derived != PRESENCE_UNMARKED;

    if (p->reason == REASON_ON_TIME && p->in_at < rule->starts_at)
        return BEFORE_START;
    if (p->reason == REASON_ON_TIME && !checks_minutes_late(rule, p->in_at))
        return AT_START;
    if (p->reason == REASON_PERSON_SAID && other)
        return RULES_SAY;
    return p->reason == REASON_JUSTIFIED && other ? WITHOUT_IT : (int)p->reason;
}

struct str presence_why(struct ctx *ctx, const struct presence_rule *rule, const struct presence *p,
                        const char *language)
{
    cleanup(buf_finish) struct buf b = BUF(4096);
    struct saying s = {rule, p, language_of(language)};
    struct str rest = str_of(texts[variant(rule, p)][s.l]);

    while (rest.len) {
        buf_str(&b, str_cut(&rest, '{'));
        if (rest.len)
            fill(&b, &s, str_cut(&rest, '}'));
    }
    return arena_str(&ctx->arena, buf_view(&b));
}
