"""Every word of the page in Turkish and in English.

Owns: the wording, and which of the two a browser asks for. What comes from the corpus or from the
backend is not here.
"""

from __future__ import annotations

import re
from typing import Literal

Lang = Literal["tr", "en"]

_QUALITY = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$")

LABELS: dict[Lang, dict[str, str]] = {
    "tr": {
        "tagline": "Metne sorun. Yanıtlar metnin kendi cümleleridir; her birinin dipnotu altında.",
        "llm_sent": "Dil modeli {model} de yazar: sorunuz ve alıntılanan yerler {endpoint} adresine gider, başka hiçbir şey gitmez.",
        "written": "Dil modelinin yazdığı",
        "language": "Arayüz dili",
        "question": "Sorunuz",
        "question_hint": "Metin hakkında bir soru yazın",
        "send": "Sor",
        "new": "Yeni konuşma",
        "examples": "Örnek sorular",
        # Asked as they stand: the backend takes them as requests about the last answer.
        "follow_more": "Daha fazla",
        "follow_source": "Kaynağı ne?",
        "all_documents": "Bütün belgeler",
        "document": "Aranacak belge",
        "conversation": "Konuşma",
        "asked": "Soru",
        "searching": "Metinde aranıyor…",
        "verdict_answered": "Yanıtlandı",
        "verdict_partial": "Kısmen",
        "verdict_not_in_text": "Metinde yok",
        "verdict_no_question": "Soru yok",
        "gloss_answered": "Aşağıdakiler metnin kendi cümleleridir.",
        "gloss_no_question": "Bir şey sorulmadı.",
        "gloss_partial": "Bu yerler soruya değiniyor, ama bir bölümünü açık bırakıyor olabilir.",
        "not_in_text": "Metin bunu söylemiyor.",
        "nearest": "En yakın yerler (yanıt değildir)",
        "citations": "Alıntılar",
        "page": "s. {first}",
        "pages": "s. {first}–{last}",
        "characters": "karakter {start}–{end}",
        "kind_body": "ana metin",
        "kind_list": "liste",
        "kind_quotation": "alıntı",
        "kind_abstract": "öz",
        "kind_summary": "özet",
        "kind_footnote": "dipnot",
        "kind_front": "başlık sayfası",
        "voice_cited": "kaynak aktarımı: {sources}",
        "voice_quoted": "alıntılanan: {sources}",
        "voice_author": "yazarın kaynağı: {sources}",
        "note": "metnin {label} nolu notu:",
        "error": "Yanıt alınamadı.",
        "bar": "Araçlar",
        "conversations": "Konuşmalar",
        "text": "Metin",
        "corpus": "Derlem",
        "verify": "Alıntı denetimi",
        "theme": "Açık ya da koyu",
        "keys": "Tuşlar",
        "can_1": "Soruyu metnin kendi cümleleriyle yanıtlar; yazarını, sayfasını ve yerini gösterir.",
        "can_2": "Alıntının sayfasını yanında açar: yanıtı kaynağında denetleyebilirsiniz.",
        "can_3": "Türkçe ve İngilizce soruyu anlar; metinde yoksa “metinde yok” der.",
        "cannot_1": "Cümle uydurmaz, yorum yapmaz, özetlemez; metinlerin dışında bir şey bilmez.",
        "stop": "Durdur",
        "edit": "Düzenle",
        "retry": "Yeniden sor",
        "link": "Bağlantısını kopyala",
        "alone": "Tek başına sor",
        "resolved": "okunan soru:",
        "checking": "İlk bulunan yer; henüz denetleniyor…",
        "older": "Bu yanıt, metinlerin daha önceki bir dizininden alındı.",
        "fallen": "Bu cümle metinde artık bu biçimde, bu yerde geçmiyor.",
        "other_language": "Alıntılar sorunun dilinde değil; metnin kendi dilinde.",
        "other_heading": "Metnin bu dildeki en yakın yeri (yanıt değildir)",
        "copy_answer": "Yanıtı kopyala",
        "copy_quote": "Alıntıyı kopyala",
        "copy_citation": "Künyeyi kopyala",
        "more": "Diğer biçimler",
        "citation_style": "Kaynak gösterme biçimi",
        "citation_format": "Dosya biçimi",
        "helpful": "Yararlı",
        "unhelpful": "Yararsız",
        "open_quotation": "Alıntı {n}: sayfasını aç",
        "error_too_long": "Soru en çok {limit} karakter olabilir.",
        "error_empty": "Bir soru yazılmamış.",
        "error_stopped": "Durduruldu.",
        "error_unreadable": "Tarayıcıda saklanan bu soru ve yanıt okunamıyor.",
        "error_invalid_input": "Soru bu biçimde okunamıyor: içinde harf ya da rakam yok, ya da geçersiz bir işaret var.",
        "error_not_found": "Seçilen belge dizinde yok.",
        "error_too_many_at_once": "Şu anda çok soru soruluyor. Birazdan yeniden deneyin.",
        "error_no_index_yet": "Dizin henüz hazır değil. Birazdan yeniden deneyin.",
        "error_index_unusable": "Dizin kullanılamıyor; bakıcının dizini yeniden kurması gerekiyor.",
        "error_failed": "Bir şeyler ters gitti. Biraz sonra yeniden deneyin.",
        "error_general": "Bir şeyler ters gitti. Biraz sonra yeniden deneyin.",
        "stage_idle": "Başlamak üzere",
        "stage_loading": "Dizin yükleniyor",
        "stage_reading": "Metinler okunuyor",
        "stage_embedding": "Cümleler işleniyor",
        "stage_writing": "Dizin yazılıyor",
        "error_preparing": "Dizin kurulamadı: metinler eksik ya da okunamıyor olabilir. Derlem sayfası ne bulunduğunu söyler; sunucunun kendi sözü aşağıda.",
        "preparing": "Dipnot hazırlanıyor",
        "preparing_note": "Hazır olduğunda bu sayfa kendiliğinden açılacak.",
    },
    "en": {
        "tagline": "Ask the text. Answers are its own sentences, each with its footnote.",
        "llm_sent": "The language model {model} writes too: your question and the passages quoted go to {endpoint}, and nothing else does.",
        "written": "Written by the language model",
        "language": "Language of the page",
        "question": "Your question",
        "question_hint": "Ask something about the text",
        "send": "Ask",
        "new": "New conversation",
        "examples": "Examples",
        "follow_more": "More",
        "follow_source": "What is the source?",
        "all_documents": "All documents",
        "document": "Document to search",
        "conversation": "Conversation",
        "asked": "Question",
        "searching": "Searching the text…",
        "verdict_answered": "Answered",
        "verdict_partial": "Partly",
        "verdict_not_in_text": "Not in the text",
        "verdict_no_question": "No question",
        "gloss_answered": "What follows are the text’s own sentences.",
        "gloss_no_question": "Nothing was asked.",
        "gloss_partial": "These places bear on the question and may leave part of it open.",
        "not_in_text": "The text does not say.",
        "nearest": "Nearest places (not an answer)",
        "citations": "Quotations",
        "page": "p. {first}",
        "pages": "pp. {first}–{last}",
        "characters": "characters {start}–{end}",
        "kind_body": "main text",
        "kind_list": "list",
        "kind_quotation": "quotation",
        "kind_abstract": "abstract",
        "kind_summary": "summary",
        "kind_footnote": "footnote",
        "kind_front": "title page",
        "voice_cited": "reporting a source: {sources}",
        "voice_quoted": "quoted from: {sources}",
        "voice_author": "the author’s source: {sources}",
        "note": "the text’s note {label}:",
        "error": "There is no answer.",
        "bar": "Tools",
        "conversations": "Conversations",
        "text": "Text",
        "corpus": "Corpus",
        "verify": "Check a quotation",
        "theme": "Light or dark",
        "keys": "Keys",
        "can_1": "Answers in the text’s own sentences, each with its author, page and place.",
        "can_2": "Opens the page of a quotation beside it, so that you can check the answer there.",
        "can_3": "Reads Turkish and English questions; where the text does not say, it says so.",
        "cannot_1": "Makes up no sentences, does not interpret or summarise, knows nothing beyond the texts.",
        "stop": "Stop",
        "edit": "Edit",
        "retry": "Ask again",
        "link": "Copy its link",
        "alone": "Ask it alone",
        "resolved": "read as:",
        "checking": "The first place found; still being checked…",
        "older": "This answer comes from an earlier index of the texts.",
        "fallen": "This sentence no longer stands in the text like this at this place.",
        "other_language": "The quotations are not in the language of the question but in the text’s own.",
        "other_heading": "The nearest passage of the text in this language (not an answer)",
        "copy_answer": "Copy the answer",
        "copy_quote": "Copy quotation",
        "copy_citation": "Copy citation",
        "more": "Other forms",
        "citation_style": "Style of citation",
        "citation_format": "File format",
        "helpful": "Helpful",
        "unhelpful": "Not helpful",
        "open_quotation": "Quotation {n}: open its page",
        "error_too_long": "A question can be at most {limit} characters long.",
        "error_empty": "No question was written.",
        "error_stopped": "Stopped.",
        "error_unreadable": "This question and answer, kept in the browser, cannot be read.",
        "error_invalid_input": "The question cannot be read like this: it has no letter or digit, or holds a sign that is none.",
        "error_not_found": "The chosen document is not in the index.",
        "error_too_many_at_once": "Many questions are being asked at once. Try again in a moment.",
        "error_no_index_yet": "The index is not ready yet. Try again in a moment.",
        "error_index_unusable": "The index cannot be used; its maintainer has to rebuild it.",
        "error_failed": "Something went wrong. Try again in a little while.",
        "error_general": "Something went wrong. Try again in a little while.",
        "stage_idle": "About to start",
        "stage_loading": "Loading the index",
        "stage_reading": "Reading the texts",
        "stage_embedding": "Working through the sentences",
        "stage_writing": "Writing the index",
        "error_preparing": "The index could not be made: texts may be missing or unreadable. The corpus page says what was found; the server’s own words are below.",
        "preparing": "Dipnot is getting ready",
        "preparing_note": "This page will open by itself when it is.",
    },
}


def label(lang: Lang, key: str, **values: object) -> str:
    """Give the wording of a key with its values filled in. Not escaped."""
    return LABELS[lang][key].format(**values)


def has_label(key: str) -> bool:
    """Tell whether a key made from the backend's data (a kind, a stage) has a wording."""
    return key in LABELS["tr"]


def as_lang(value: object) -> Lang | None:
    """Give a value back if it is one of the two languages."""
    return "tr" if value == "tr" else "en" if value == "en" else None


def lang_of_browser(accept_language: str | None) -> Lang:
    """Choose by an ``Accept-Language`` header: Turkish if it is preferred to English."""
    best: tuple[float, Lang] = (0.0, "en")
    for item in (accept_language or "").split(","):
        tag, _, parameter = item.partition(";")
        name = as_lang(tag.strip().lower().partition("-")[0])
        quality = _QUALITY.match(parameter)
        weight = float(quality.group(1)) if quality else 1.0
        if name is not None and weight > best[0]:
            best = (weight, name)
    return best[1]
