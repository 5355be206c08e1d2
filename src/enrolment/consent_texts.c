/* SPDX-License-Identifier: MIT */
/*
 * What people agree to, word by word. A text that was shown is never changed: a new meaning gets a
 * new version. docs/consent/ holds the same texts; a test compares them.
 */
#include <sodium.h>

#include "enrolment/consent.h"

enum { PARAGRAPHS = 5 };

struct text {
    const char *version, *locale;
    const char *paragraphs[PARAGRAPHS];
};

/* The newest version first. Paragraphs are long: each is of several literals. */
/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
static const struct text texts[] = {
    {"2026-11",
     "en",
     {"From one to five photos, the school’s server computes a list of numbers that describes the "
      "face. The photos themselves are not kept.",
      "The numbers serve one purpose: to mark presence in this student’s own sessions. Mood, "
      "origin, sex or age are never guessed.",
      "They are stored encrypted on the school’s own server and given to nobody.",
      "Nobody has to agree. Marking by hand is equal in every way.",
      "Consent can be withdrawn at any time; the numbers are then destroyed at once."}},
    {"2026-11",
     "fr",
     {"À partir d’une à cinq photos, le serveur de l’école calcule une liste de nombres qui décrit "
      "le visage. Les photos elles-mêmes ne sont pas conservées.",
      "Ces nombres ne servent qu’à une chose : marquer la présence aux séances de cet étudiant. "
      "L’humeur, l’origine, le sexe ou l’âge ne sont jamais estimés.",
      "Ils sont stockés chiffrés sur le serveur de l’école et ne sont communiqués à personne.",
      "Personne n’est obligé d’accepter. Le marquage à la main est équivalent en tout point.",
      "Le consentement peut être retiré à tout moment ; les nombres sont alors détruits "
      "immédiatement."}},
    {"2026-11",
     "ar",
     {"يحسب خادم المدرسة من صورة واحدة إلى خمس صور قائمةَ أرقام تصف الوجه. لا تُحفظ الصور نفسها.",
      "تخدم هذه الأرقام غرضًا واحدًا: تسجيل الحضور في حصص هذا الطالب. لا يُخمَّن المزاج أو الأصل "
      "أو الجنس أو العمر أبدًا.",
      "تُخزَّن مشفَّرة على خادم المدرسة ولا تُعطى لأحد.",
      "لا أحد مُلزَم بالموافقة. التسجيل اليدوي مساوٍ من كل وجه.",
      "يمكن سحب الموافقة في أي وقت، وعندها تُدمَّر الأرقام فورًا."}},
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */

#define F(...) FIELD(struct consent_text, __VA_ARGS__)
static const struct field text_fields[] = {
    F(version, "Version of the text", .required = true, .example = "\"2026-11\""),
    F(locale, "Language", .required = true, .example = "\"fr\""),
    F(hash, "SHA-256 of the paragraphs, a line each; kept with every consent", .required = true),
    F(paragraphs, "The text", .required = true),
};
#undef F
const struct schema consent_text_schema = SCHEMA(consent_text, text_fields);

static struct str hash_of(struct ctx *ctx, const struct text *t)
{
    crypto_hash_sha256_state state;
    unsigned char digest[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(&ctx->arena, 2 * sizeof(digest) + 1);

    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < PARAGRAPHS; i++) {
        struct str line = str_of(t->paragraphs[i]);

        crypto_hash_sha256_update(&state, (const unsigned char *)line.at, line.len);
        crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
    }
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(hex, 2 * sizeof(digest) + 1, digest, sizeof(digest));
    return str_of(hex);
}

enum err consent_text_get(struct ctx *ctx, struct str version, struct str locale,
                          struct consent_text *ret)
{
    if (!version.len)
        version = str_of(texts[0].version);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct str *lines;

        if (!str_is(version, texts[i].version) || !str_is(locale, texts[i].locale))
            continue;
        lines = ARENA_NEW_N(&ctx->arena, struct str, PARAGRAPHS);
        for (size_t k = 0; k < PARAGRAPHS; k++)
            lines[k] = str_of(texts[i].paragraphs[k]);
        *ret = (struct consent_text){
            .version = str_of(texts[i].version),
            .locale = str_of(texts[i].locale),
            .hash = hash_of(ctx, &texts[i]),
            .paragraphs = {lines, PARAGRAPHS},
        };
        return ERR_OK;
    }
    return fail(ctx, ERR_NOT_FOUND, "there is no such text");
}
