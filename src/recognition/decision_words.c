/* SPDX-License-Identifier: MIT */
/* One sentence why, in the languages of the product. French writes decimals with a comma. */
#include "recognition/decision_words.h"

#include <stdio.h>

#include "base/buf.h"

/* A sentence in three languages; {s}imilarity, {t}hreshold, {m}argin and the least margin {n} are
 * put in. */
struct words {
    const char *en, *fr, *ar;
};

static const struct words sentences[DECISION_COUNT] = {
    [DECISION_MATCH] = {"Similarity {s} reaches {t}, and the next student is {m} away "
                        "(at least {n}).",
                        "La similarité {s} atteint {t}, et l'étudiant suivant est à {m} "
                        "(au moins {n}).",
                        "التشابه {s} يبلغ الحد {t}، والمتعلم التالي أبعد بمقدار {m} "
                        "(الحد الأدنى {n})."},
    [DECISION_UNKNOWN] = {"No student of this list matches: similarity {s}, at least {t} is "
                          "needed.",
                          "Aucun étudiant de cette liste ne correspond : similarité {s}, il "
                          "faut au moins {t}.",
                          "لا يطابق أي متعلم في هذه القائمة: التشابه {s} والمطلوب {t} على "
                          "الأقل."},
    [DECISION_AMBIGUOUS] = {"Two students match almost equally: similarity {s} of {t} needed, "
                            "but only {m} apart (at least {n}).",
                            "Deux étudiants correspondent presque autant : similarité {s} pour "
                            "{t} requis, mais {m} d'écart seulement (au moins {n}).",
                            "متعلمان متشابهان تقريبًا: التشابه {s} والمطلوب {t}، لكن الفرق "
                            "{m} فقط (الحد الأدنى {n})."},
    [DECISION_LOW_QUALITY] = {"The face is not good enough to compare.",
                              "Le visage n'est pas assez net pour être comparé.",
                              "صورة الوجه ليست جيدة بما يكفي للمقارنة."},
    [DECISION_SPOOF_SUSPECTED] = {"This may be a picture of a face, not a person in front of the "
                                  "camera.",
                                  "Il peut s'agir de la photo d'un visage et non d'une personne "
                                  "devant la caméra.",
                                  "قد تكون هذه صورة وجه وليست شخصًا أمام الكاميرا."},
    [DECISION_NO_FACE] = {"No face was found.", "Aucun visage n'a été trouvé.",
                          "لم يُعثر على أي وجه."},
    [DECISION_NO_CONSENT] = {"Nobody here has agreed to face recognition; use another way.",
                             "Personne ici n'a consenti à la reconnaissance faciale ; utilisez un "
                             "autre moyen.",
                             "لم يوافق أحد هنا على التعرف على الوجوه؛ استخدموا طريقة أخرى."},
};

/* A sole candidate has no next one: a sentence of its own. */
static const struct words match_alone = {
    "Similarity {s} reaches {t}.", "La similarité {s} atteint {t}.", "التشابه {s} يبلغ الحد {t}."};

/* The admin asks for more than a face, because somebody looks alike. */
static const struct words second_factor = {
    "The face matches (similarity {s} of {t} needed), but this student looks like another one: "
    "confirm by QR code, PIN or by hand.",
    "Le visage correspond (similarité {s} pour {t} requis), mais cet étudiant ressemble à un "
    "autre : confirmez par code QR, PIN ou à la main.",
    "الوجه مطابق (التشابه {s} والمطلوب {t})، لكن هذا المتعلم يشبه متعلمًا آخر: أكّدوا برمز QR أو رمز "
    "PIN أو يدويًا."};

/* By flaw: what to change. */
static const struct words flaw_sentences[FACE_FLAW_COUNT] = {
    [FACE_FLAW_TOO_SMALL] = {"The face is too small: come closer.",
                             "Le visage est trop petit : rapprochez-vous.",
                             "الوجه صغير جدًا: اقترب."},
    [FACE_FLAW_TOO_DARK] = {"The face is too dark: more light is needed.",
                            "Le visage est trop sombre : il faut plus de lumière.",
                            "الوجه مظلم جدًا: يلزم مزيد من الضوء."},
    [FACE_FLAW_TOO_BRIGHT] = {"The face is too bright: less light is needed.",
                              "Le visage est trop clair : il faut moins de lumière.",
                              "الوجه ساطع جدًا: يلزم ضوء أقل."},
    [FACE_FLAW_NOT_FRONTAL] = {"The face is turned away: look at the camera.",
                               "Le visage est tourné : regardez la caméra.",
                               "الوجه ملتفت: انظر إلى الكاميرا."},
    [FACE_FLAW_TILTED] = {"The head is tilted: hold it upright.",
                          "La tête est penchée : tenez-la droite.", "الرأس مائل: أبقه مستقيمًا."},
    [FACE_FLAW_BLURRED] = {"The face is blurred: hold still.",
                           "Le visage est flou : ne bougez pas.", "الوجه غير واضح: اثبت."},
    [FACE_FLAW_EYES_CLOSED] = {"The eyes are closed.", "Les yeux sont fermés.", "العينان مغمضتان."},
    [FACE_FLAW_CUT_OFF] = {"The face is cut off at the picture's edge.",
                           "Le visage est coupé au bord de l'image.",
                           "الوجه مقطوع عند حافة الصورة."},
    [FACE_FLAW_LOW_DETAIL] = {"The face has too little detail: come closer or hold still.",
                              "Le visage manque de détails : rapprochez-vous ou ne bougez pas.",
                              "تفاصيل الوجه قليلة: اقترب أو اثبت."},
};

static const struct words *words_of(const struct decision_facts *f)
{
    if (f->kind == DECISION_LOW_QUALITY && f->flaws && f->flaws->n)
        return &flaw_sentences[f->flaws->at[0].flaw];
    if (f->kind == DECISION_MATCH && f->match && !f->match->next)
        return &match_alone;
    if (f->kind == DECISION_AMBIGUOUS && f->match && f->match->second_factor &&
        f->match->margin >= f->match->min_margin)
        return &second_factor;
    return &sentences[f->kind];
}

static double number_of(const struct face_match *m, char name)
{
    switch (name) {
    case 's':
        return m->similarity;
    case 't':
        return m->threshold;
    case 'm':
        return m->margin;
    default:
        return m->min_margin;
    }
}

static struct str fill(struct ctx *ctx, const char *text, const struct face_match *m, char point)
{
    struct buf b = BUF(512);
    char figure[32];
    struct str out;

    for (; *text; text++) {
        if (*text != '{' || !m) {
            buf_putc(&b, *text);
            continue;
        }
        (void)snprintf(figure, sizeof(figure), "%.2f", number_of(m, text[1]));
        for (char *c = figure; *c; c++)
            buf_putc(&b, *c == '.' ? point : *c);
        text += 2;
    }
    out = arena_str(&ctx->arena, buf_view(&b));
    buf_finish(&b);
    return out;
}

void decision_word(struct ctx *ctx, const struct decision_facts *facts, struct decision_why *ret)
{
    const struct words *w = words_of(facts);

    *ret = (struct decision_why){
        .en = fill(ctx, w->en, facts->match, '.'),
        .fr = fill(ctx, w->fr, facts->match, ','),
        .ar = fill(ctx, w->ar, facts->match, '.'),
    };
}
