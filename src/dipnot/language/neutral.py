"""Sentences and questions about nothing in particular, by which a language is centred.

Owns: the texts whose mean embedding stands for what all texts, and all questions, of a language
have in common. They are no part of any corpus.
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, ...]] = {
    "tr": (
        "Bu konuda daha önce birçok çalışma yapılmıştır.",
        "Toplantının hangi gün yapılacağı henüz belli değildir.",
        "Çocuklar sabah erkenden okula gittiler.",
        "Sonuçlar üçüncü bölümde ayrıntılı olarak ele alınmaktadır.",
        "Yazar, kitabın başında amacını kısaca açıklamıştır.",
        "Şehrin nüfusu son yıllarda hızla arttı.",
        "Bu kararın nedenleri farklı kaynaklarda farklı biçimde anlatılır.",
        "Kimse ne olduğunu tam olarak bilmiyordu.",
    ),
    "en": (
        "A number of studies have dealt with this question before.",
        "The day of the meeting has not been decided yet.",
        "The children went to school early in the morning.",
        "The results are discussed in detail in the third chapter.",
        "The author explains the aim briefly at the beginning of the book.",
        "The population of the city has grown quickly in recent years.",
        "The reasons for this decision are told differently in different sources.",
        "Nobody knew exactly what had happened.",
    ),
}

QUESTIONS: dict[str, tuple[str, ...]] = {
    "tr": (
        "Bu kitabı kim yazdı?",
        "Toplantı ne zaman yapıldı?",
        "Olayın nedenleri nelerdir?",
        "Hangi şehirler bu kararı destekledi?",
        "Yazarın bu konudaki görüşü nedir?",
        "Kaç kişi katıldı?",
        "Bu bilgi hangi kaynağa dayanıyor?",
        "Şirket neden kapandı?",
        "Sonuçlar nasıl yorumlandı?",
        "İlk okul nerede kuruldu?",
        "Kim başkan seçildi?",
        "Bu yasa ne getiriyordu?",
        "Anlaşmanın maddeleri nelerdi?",
        "Öğretmen öğrencilerine ne söyledi?",
        "Hangi yıl köprü tamamlandı?",
        "Gazeteler olayı nasıl duyurdu?",
        "İki ülke arasındaki ticaret ne kadardı?",
        "Bu dönemde neler değişti?",
        "Raporu hazırlayan kurum hangisiydi?",
        "Sanatçı ödülü hangi eseriyle aldı?",
        "Göç edenler nereye yerleşti?",
        "Deprem hangi bölgeleri etkiledi?",
        "Araştırmanın amacı neydi?",
        "Bu öneriye kimler karşı çıktı?",
    ),
    "en": (
        "Who wrote this book?",
        "When did the meeting take place?",
        "What were the causes of the event?",
        "Which cities supported the decision?",
        "What is the author's view on this?",
        "How many people took part?",
        "On which source is this statement based?",
        "Why did the company close?",
        "How were the results interpreted?",
        "Where was the first school founded?",
        "Who was elected president?",
        "What did the law introduce?",
        "What were the terms of the agreement?",
        "What did the teacher tell her students?",
        "In which year was the bridge completed?",
        "How did the newspapers report it?",
        "How large was the trade between the two countries?",
        "What changed during this period?",
        "Which institution prepared the report?",
        "For which work did the artist receive the prize?",
        "Where did the migrants settle?",
        "Which regions did the earthquake affect?",
        "What was the aim of the study?",
        "Who opposed the proposal?",
    ),
}
