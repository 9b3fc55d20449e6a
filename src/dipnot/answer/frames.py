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
        "catalogue": "Metnin kendisi söylemiyor; katalog bilgisi: {facts}.",
        "unknown": "Ne metin söylüyor ne de katalogda var.",
        "gist": "Metin kendini şöyle anlatıyor:",
        "conclusion": "Sonuç bölümü şöyle diyor:",
        "footnote": "{label} numaralı dipnot:",
        "stands": "Metinde bu biçimde geçtiği yer:",
        "parts": "Sorunun bir bölümünü metin şöyle yanıtlıyor; kalanını söylemiyor:",
        "cited": "Metnin bu kaynağa dayandırdığı cümleler:",
        "pages": "{n} sayfa",
        "author": "yazarı {value}",
        "journal": "dergisi {value}",
        "year_of": "yılı {value}",
        "footnotes": "{n} dipnot",
        "references": "metin içinde {n} atıf",
        "sections": "{n} bölüm",
    },
    "en": {
        "courtesy": "Hello. If you have a question about the texts, I answer it in their own "
        "sentences.",
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
        "catalogue": "The text itself does not say; from the catalogue: {facts}.",
        "unknown": "Neither the text nor the catalogue says it.",
        "gist": "The text says of itself:",
        "conclusion": "The conclusion says:",
        "footnote": "Footnote {label}:",
        "stands": "Where this stands in the text:",
        "parts": "To part of the question the text says this; of the rest it does not tell:",
        "cited": "The sentences that the text rests on this source:",
        "pages": "{n} pages",
        "author": "its author is {value}",
        "journal": "its journal is {value}",
        "year_of": "its year is {value}",
        "footnotes": "{n} footnotes",
        "references": "{n} citations in the text",
        "sections": "{n} sections",
    },
}


def said(what: str, language: Language, **values: object) -> str:
    """Give a sentence of Dipnot's own, with its blanks filled."""
    return _SAID[language][what].format(**values)


def said_in(text: str, quotes: Sequence[str]) -> str:
    """What an answer says before the first of its quotations; all of it where there are none."""
    return text.partition(f"“{quotes[0]}” [")[0].strip() if quotes else text
