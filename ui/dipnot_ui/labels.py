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
        "in_paragraph": "Paragrafında göster",
        "paragraph_notes": "Paragrafın dipnotları",
        "note": "Dipnot {label}",
        "error": "Yanıt alınamadı.",
        "error_general": "Bir şeyler ters gitti. Biraz sonra yeniden deneyin.",
        "too_long": "Soru en çok {limit} karakter olabilir.",
        "stage_idle": "Başlamak üzere",
        "stage_loading": "Dizin yükleniyor",
        "stage_reading": "Metinler okunuyor",
        "stage_embedding": "Cümleler işleniyor",
        "stage_writing": "Dizin yazılıyor",
        "view": "Görünüm",
        "view_ask": "Soru",
        "view_text": "Metin",
        "reading_document": "Okunacak belge",
        "outline": "İçindekiler",
        "no_headings": "Başlık bulunamadı.",
        "page_number": "Sayfa numarası",
        "page_previous": "Önceki sayfa",
        "page_next": "Sonraki sayfa",
        "page_of": "Sayfa {number} / {count}",
        "printed": "basılı: {label}",
        "page_empty": "Bu sayfada metin yok.",
        "runs_on_before": "Önceki sayfadan sürüyor",
        "runs_on_after": "Sonraki sayfada sürüyor",
        "page_notes": "Sayfanın dipnotları",
        "hangs_on": "işareti: s. {page}",
        "hangs_nowhere": "işareti bulunamadı",
        "preparing": "Dipnot hazırlanıyor",
        "preparing_note": "Hazır olduğunda bu sayfa kendiliğinden açılacak.",
        "maintenance": "Bakım",
        "documents": "Belgeler",
        "no_documents": "Belge yok.",
        "page_count": "{count} sayfa",
        "passage_count": "{count} parça",
        "generation": "Dizin sürümü",
        "token": "Yönetici anahtarı",
        "rebuild": "Dizini yeniden kur",
        "rebuild_running": "Dizin yeniden kuruluyor",
        "rebuild_done": "Dizin yeniden kuruldu.",
        "rebuild_failed": "Dizin yeniden kurulamadı.",
        "admin_off": "Buradan yeniden kurmak için {variable} tanımlayın ya da {command} çalıştırın.",
    },
    "en": {
        "tagline": "Ask the text. Answers are its own sentences, each with its footnote.",
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
        "in_paragraph": "Open in its paragraph",
        "paragraph_notes": "Footnotes of the paragraph",
        "note": "Footnote {label}",
        "error": "There is no answer.",
        "error_general": "Something went wrong. Try again in a little while.",
        "too_long": "A question can be at most {limit} characters long.",
        "stage_idle": "About to start",
        "stage_loading": "Loading the index",
        "stage_reading": "Reading the texts",
        "stage_embedding": "Working through the sentences",
        "stage_writing": "Writing the index",
        "view": "View",
        "view_ask": "Ask",
        "view_text": "Text",
        "reading_document": "Document to read",
        "outline": "Outline",
        "no_headings": "No headings were found.",
        "page_number": "Page number",
        "page_previous": "Previous page",
        "page_next": "Next page",
        "page_of": "Page {number} of {count}",
        "printed": "printed: {label}",
        "page_empty": "There is no text on this page.",
        "runs_on_before": "Continued from the page before",
        "runs_on_after": "Continues on the next page",
        "page_notes": "Footnotes of the page",
        "hangs_on": "marker: p. {page}",
        "hangs_nowhere": "marker not found",
        "preparing": "Dipnot is getting ready",
        "preparing_note": "This page will open by itself when it is.",
        "maintenance": "Maintenance",
        "documents": "Documents",
        "no_documents": "No documents.",
        "page_count": "{count} pages",
        "passage_count": "{count} passages",
        "generation": "Index generation",
        "token": "Admin token",
        "rebuild": "Rebuild the index",
        "rebuild_running": "Rebuilding the index",
        "rebuild_done": "The index was rebuilt.",
        "rebuild_failed": "The index could not be rebuilt.",
        "admin_off": "To rebuild from here, set {variable}; or run {command}.",
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
