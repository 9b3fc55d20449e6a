"""What Dipnot says in its own words, in both languages, beside the quotations.

Owns: the sentences for what is no quotation: greetings, what Dipnot is, the catalogue, refusals
that say more than that the text does not answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dipnot.types import Language

_SAID: Mapping[Language, Mapping[str, str]] = {
    "tr": {
        "courtesy": "Merhaba. Metinler hakkında bir sorunuz olursa metnin kendi cümleleriyle "
        "yanıtlarım.",
        "thanks": "Rica ederim. Başka bir sorunuz olursa metinlere bakarım.",
        "consent": "Buradayım: başka bir sorunuz olursa metinlere bakarım.",
        "dipnot": "Ben Dipnot’um: soruları metinlerin kendi cümleleriyle, yerini göstererek "
        "yanıtlarım; metin söylemiyorsa bunu söylerim. Bir dil modeli değilim, cümle uydurmam.",
        "texts": "Elimdeki metinler: {texts}.",
        "examples": "Örneğin şunları sorabilirsiniz: {examples}",
        "any_examples": "Bu metin ne anlatıyor?|Sonuç bölümünde ne deniyor?",
        "noise": "Bunda bir soru göremedim. Metinler hakkında bir soru yazabilirsiniz.",
        "year": "Metinde {years} yılına ait bir şey geçmiyor.",
        "negated": "Metin neyin olmadığını bu soruya yetecek biçimde söylemiyor.",
        "premise": "Metin, sorunun varsaydığının tersini söylüyor:",
        "uncited": "Metin böyle bir kaynak göstermiyor.",
        "exact": "“{exact}” metinde bu biçimde geçmiyor.",
        "no_footnote": "{label} numaralı bir dipnot yok.",
        "no_part": "Metinde {label} numaralı bir bölüm yok.",
        "catalogue": "Metnin kendisi söylemiyor; katalog bilgisi: {facts}.",
        "unknown": "Ne metin söylüyor ne de katalogda var.",
        "counted": "Metnin yapısından: {facts}.",
        "gist": "Metin kendini şöyle anlatıyor:",
        "title": "Metnin başlığı:",
        "byline": "Metin kimin yazdığını şöyle söylüyor:",
        "ending": "Metin şöyle bitiyor:",
        "conclusion": "Sonuç bölümü şöyle diyor:",
        "section": "“{label}” başlığı altında metin şöyle diyor:",
        "footnote": "{label} numaralı dipnot:",
        "stands": "Metinde bu biçimde geçtiği yer:",
        "sides": "Metin her iki yan için şöyle diyor:",
        "parts": "Sorunun bir bölümünü metin şöyle yanıtlıyor; kalanını söylemiyor:",
        "cited": "Metnin bu kaynağa dayandırdığı cümleler:",
        "cited_else": "Metin bu kaynağa başvuruyor, ama bu konuda değil.",
        "one_left_out": "(Dil modelinin bir cümlesi çıkarıldı: metinde yok.)",
        "left_out": "(Dil modelinin {n} cümlesi çıkarıldı: metinde yok.)",
        "llm_gone": "(Dil modeline ulaşılamadı.)",
        "llm_slow": "(Dil modeli zamanında yanıt vermedi.)",
        "llm_busy": "(Dil modeli şu an meşgul.)",
        "llm_refused": "(Dil modelinin sunucusu isteği geri çevirdi.)",
        "llm_failed": "(Dil modelinin sunucusu hata verdi.)",
        "llm_wrong": "(Dil modelinin sunucusundan metin gelmedi.)",
        "llm_long": "(Dil modeli susmadı; kalanı okunmadı.)",
        "llm_broken": "(Dil modelinin yanıtı yarıda kesildi.)",
        "llm_empty": "(Dil modeli bir şey yazmadı.)",
        "llm_unread": "(Dil modeline sorulmadı: cümlelerini sınayacak okuyucu kapalı.)",
        "pages": "{n} sayfa",
        "author": "yazarı {value}",
        "journal": "dergisi {value}",
        "year_of": "yılı {value}",
        "footnotes": "{n} dipnot",
        "references": "metin içinde {n} atıf",
        "sections": "{n} bölüm",
        "works": "atıf yapılan {n} eser, en çok anılanlar",
        "rows": "“{heading}” altında {n} satır",
        "tables": "{n} tablo",
        "articles": "numaralı {n} “{noun}”",
        "named": "başlığı “{value}”",
    },
    "en": {
        "courtesy": "Hello. If you have a question about the texts, I answer it in their own "
        "sentences.",
        "thanks": "You are welcome. If you have another question, I will look in the texts.",
        "consent": "I am here: if you have another question, I will look in the texts.",
        "dipnot": "I am Dipnot: I answer questions with the texts’ own sentences and show where "
        "they stand; where the texts do not say, I say so. I am no language model and make up "
        "no sentences.",
        "texts": "The texts that I have: {texts}.",
        "examples": "You could ask, for instance: {examples}",
        "any_examples": "What is this text about?|What does the conclusion say?",
        "noise": "I can see no question in this. You can write a question about the texts.",
        "year": "The text tells nothing of {years}.",
        "negated": "The text does not say what is not so in a way that answers this question.",
        "premise": "The text says the opposite of what the question takes for granted:",
        "uncited": "The text cites no such source.",
        "exact": "“{exact}” does not stand in the text in this form.",
        "no_footnote": "There is no footnote {label}.",
        "no_part": "The text has no part numbered {label}.",
        "catalogue": "The text itself does not say; from the catalogue: {facts}.",
        "unknown": "Neither the text nor the catalogue says it.",
        "counted": "From the structure of the text: {facts}.",
        "gist": "The text says of itself:",
        "title": "The title of the text:",
        "byline": "The text says who wrote it:",
        "ending": "The text ends like this:",
        "conclusion": "The conclusion says:",
        "section": "Under “{label}” the text says:",
        "footnote": "Footnote {label}:",
        "stands": "Where this stands in the text:",
        "sides": "Of either side the text says:",
        "parts": "To part of the question the text says this; of the rest it does not tell:",
        "cited": "The sentences that the text rests on this source:",
        "cited_else": "The text rests on this source, but not for this.",
        "one_left_out": "(One sentence of the language model was left out: not in the text.)",
        "left_out": "({n} sentences of the language model were left out: not in the text.)",
        "llm_gone": "(The language model could not be reached.)",
        "llm_slow": "(The language model did not answer in time.)",
        "llm_busy": "(The language model is busy just now.)",
        "llm_refused": "(The language model’s server refused the request.)",
        "llm_failed": "(The language model’s server failed.)",
        "llm_wrong": "(The language model’s server sent no text.)",
        "llm_long": "(The language model did not come to an end; the rest was not read.)",
        "llm_broken": "(The language model’s answer broke off.)",
        "llm_empty": "(The language model wrote nothing.)",
        "llm_unread": "(The language model was not asked: the reader that checks it is off.)",
        "pages": "{n} page{s}",
        "author": "its author is {value}",
        "journal": "its journal is {value}",
        "year_of": "its year is {value}",
        "footnotes": "{n} footnote{s}",
        "references": "{n} citation{s} in the text",
        "sections": "{n} section{s}",
        "works": "{n} work{s} cited, most often",
        "rows": "{n} row{s} under “{heading}”",
        "tables": "{n} table{s}",
        "articles": "{n} numbered paragraph{s} called “{noun}”",
        "named": "its title is “{value}”",
    },
}


def said(what: str, language: Language, **values: object) -> str:
    """Give a sentence of Dipnot's own, with its blanks filled; ``n`` of 1 makes no plural."""
    return _SAID[language][what].format(**values, s="" if values.get("n") == 1 else "s")


def said_in(text: str, quotes: Sequence[str]) -> str:
    """What an answer says before the first of its quotations; all of it where there are none."""
    return text.partition(f"“{quotes[0]}” [")[0].strip() if quotes else text


def is_unasked(answer: str) -> bool:
    """Whether an earlier answer of Dipnot's said that nothing was asked of the texts."""
    return answer.startswith(_UNASKED)


_UNASKED = tuple(
    own[what].partition("{")[0]
    for own in _SAID.values()
    for what in ("courtesy", "thanks", "consent", "dipnot", "texts", "noise")
)
