/* SPDX-License-Identifier: MIT */
/* Parts and columns of the page about one person, in the languages of the product. */
#include "privacy/person_words.h"

#include <string.h>

#include "base/macros.h"

static const struct {
    const char *name, *en, *fr, *ar;
} words[] = {
    {"title", "All about one person", "Tout sur une personne", "كل ما يخص شخصًا واحدًا"},
    {"note_page",
     "Face templates are sealed numbers; they are listed here without their contents. Ask the "
     "school when you want them destroyed or explained.",
     "Les modèles de visage sont des nombres chiffrés ; ils figurent ici sans leur contenu. "
     "Adressez-vous à l’école pour les faire détruire ou expliquer.",
     "قوالب الوجه أرقام مشفَّرة وتُذكر هنا دون محتواها. اطلب من المدرسة إتلافها أو شرحها."},
    {"none", "Nothing is stored.", "Rien n’est enregistré.", "لا شيء محفوظ."},
    {"made", "Made on", "Établi le", "أُنشئ في"},
    {"left_out", "Not shown", "Non affiché", "غير معروض"},
    {"profile", "Profile", "Profil", "الملف الشخصي"},
    {"account", "Account", "Compte", "الحساب"},
    {"logins", "Logins", "Connexions", "عمليات الدخول"},
    {"memberships", "Groups", "Groupes", "المجموعات"},
    {"attendance", "Attendance", "Présences", "الحضور"},
    {"attendance_events", "What happened to each mark", "Historique des présences",
     "سجل تغييرات الحضور"},
    {"disputes", "Marks that were disputed", "Présences contestées", "اعتراضات على الحضور"},
    {"signals", "What was to be looked at", "Points à vérifier", "أمور للمراجعة"},
    {"corrections", "Marks by a face that were corrected", "Présences par visage corrigées",
     "تسجيلات بالوجه صُحّحت"},
    {"consent", "Consent to face recognition", "Consentement à la reconnaissance faciale",
     "الموافقة على التعرف على الوجوه"},
    {"face_templates", "Face templates", "Modèles de visage", "قوالب الوجه"},
    {"enrolments", "Enrolments of the face", "Enregistrements du visage", "عمليات تسجيل الوجه"},
    {"look_alike_cases", "Look-alike questions", "Questions de ressemblance", "حالات التشابه"},
    {"careful_pairs", "Pairs treated with more care", "Paires traitées avec plus de prudence",
     "أزواج تُعامل بحذر أكبر"},
    {"recognitions", "Decisions about the face", "Décisions sur le visage",
     "قرارات التعرف على الوجه"},
    {"liveness_checks", "Liveness checks", "Contrôles du vivant", "فحوص الحيوية"},
    {"liveness_failures", "Failed liveness checks", "Contrôles du vivant échoués",
     "فحوص الحيوية الفاشلة"},
    {"imported_photos", "Photos sent in bulk", "Photos envoyées en lot", "صور أُرسلت دفعة واحدة"},
    {"certificates", "Certificates of deletion", "Certificats de suppression", "شهادات الحذف"},
    {"justifications", "Justifications", "Justificatifs", "تبريرات الغياب"},
    {"justification_steps", "What became of them", "Leur suivi", "متابعة التبريرات"},
    {"justification_papers", "Papers sent with them; download them from the justification",
     "Documents joints ; à télécharger depuis le justificatif",
     "الوثائق المرفقة؛ تُنزَّل من صفحة التبرير"},
    {"departure", "Departure", "Départ", "المغادرة"},
    {"id", "Number", "Numéro", "الرقم"},
    {"at", "When", "Date", "التاريخ"},
    {"session_id", "Session", "Séance", "الحصة"},
    {"starts_at", "Begins", "Début", "البداية"},
    {"group_id", "Group number", "Numéro du groupe", "رقم المجموعة"},
    {"minutes_late", "Minutes late", "Minutes de retard", "دقائق التأخر"},
    {"created_at", "Created", "Créé", "أُنشئ"},
    {"updated_at", "Changed", "Modifié", "عُدّل"},
    {"last_used_at", "Last used", "Dernière utilisation", "آخر استخدام"},
    {"from_day", "From", "Du", "من"},
    {"to_day", "To", "Au", "إلى"},
    {"marked_at", "Marked", "Marqué", "سُجّل"},
    {"templates", "Templates", "Modèles", "القوالب"},
    {"bytes", "Bytes", "Octets", "البايتات"},
    {"times", "Times", "Fois", "المرات"},
    {"ended_at", "Ended", "Terminé", "انتهى"},
    {"opened_at", "Opened", "Ouvert", "فُتح"},
    {"resolved_at", "Resolved", "Résolu", "حُسم"},
    {"finished_at", "Finished", "Achevé", "اكتمل"},
    {"expires_at", "Expires", "Expire", "ينتهي"},
    {"failed", "Failed", "Échecs", "الإخفاقات"},
    {"by_user_id", "By account", "Par le compte", "بواسطة الحساب"},
    {"name", "Name", "Nom", "الاسم"},
    {"number", "Student number", "Numéro d’étudiant", "رقم الطالب"},
    {"email", "E-mail", "E-mail", "البريد الإلكتروني"},
    {"birth_date", "Birth date", "Date de naissance", "تاريخ الميلاد"},
    {"locale", "Language", "Langue", "اللغة"},
    {"time_zone", "Time zone", "Fuseau horaire", "المنطقة الزمنية"},
    {"role", "Role", "Rôle", "الدور"},
    {"module", "Module", "Module", "الوحدة"},
    {"status", "Status", "Statut", "الحالة"},
    {"method", "How", "Moyen", "الطريقة"},
    {"kind", "Kind", "Type", "النوع"},
    {"before", "Before", "Avant", "قبل"},
    {"after", "After", "Après", "بعد"},
    {"note", "Note", "Remarque", "ملاحظة"},
    {"state", "State", "État", "الحالة"},
    {"given_by", "Said by", "Exprimé par", "صادر عن"},
    {"given_by_name", "Name of the guardian", "Nom du responsable", "اسم ولي الأمر"},
    {"text_version", "Version of the text", "Version du texte", "إصدار النص"},
    {"text_hash", "Hash of the text", "Empreinte du texte", "بصمة النص"},
    {"channel", "Channel", "Voie", "القناة"},
    {"model", "Model", "Modèle informatique", "النموذج"},
    {"pose", "Pose", "Pose", "الوضعية"},
    {"assurance", "Assurance", "Assurance", "درجة التأكد"},
    {"source", "Source", "Source", "المصدر"},
    {"reason", "Reason", "Motif", "السبب"},
    {"way", "Way", "Voie", "المسار"},
    {"decision", "Decision", "Décision", "القرار"},
    {"policy", "Rule", "Règle", "القاعدة"},
    {"outcome", "Outcome", "Issue", "النتيجة"},
    {"purpose", "Purpose", "But", "الغرض"},
    {"ip", "Address", "Adresse", "العنوان"},
    {"agent", "Program", "Programme", "البرنامج"},
    {"result", "Result", "Résultat", "النتيجة"},
    {"detail", "Detail", "Détail", "التفصيل"},
    {"document", "Document", "Document", "الوثيقة"},
    {"similarity", "Similarity", "Similarité", "التشابه"},
    {"margin", "Margin", "Marge", "الهامش"},
    {"threshold", "Threshold", "Seuil", "الحد"},
    {"quality", "Quality", "Qualité", "الجودة"},
    {"liveness", "Liveness", "Vivant", "الحيوية"},
    {"archived", "Archived", "Archivé", "مؤرشف"},
    {"of_age", "Of age", "Majeur", "بالغ"},
    {"yes", "yes", "oui", "نعم"},
    {"no", "no", "non", "لا"},
};

const char *person_word(struct str locale, const char *name)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i].name, name) != 0)
            continue;
        return str_is(locale, "fr")   ? words[i].fr
               : str_is(locale, "ar") ? words[i].ar
                                      : words[i].en;
    }
    return name;
}
