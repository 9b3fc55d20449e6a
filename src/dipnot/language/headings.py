"""What headings call the parts of a text, and how they number them.

Owns: the names of lists of sources and of lists of notes, in Turkish and English; the levels that
numbers tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from dipnot.language.folding import fold
from dipnot.language.known import joined

_SOURCES = joined(lambda own: own.bibliographies)
_NOTES = frozenset(
    (
        "notlar", "not", "dipnotlar", "dipnot", "sonnotlar", "son notlar", "sonnot", "notlari",
        "aciklayici notlar", "bolum notlari", "bolum sonu notlari", "notes", "note", "endnotes",
        "end notes", "footnotes", "foot notes", "explanatory notes", "chapter notes",
        "notes to the text",
    )
)  # fmt: skip
_APPENDIX = re.compile(
    r"(?:ekler|appendices|annexes|(?:ek|appendix|annex)(?:[ -](?:\d{1,2}|[a-z]|[ivx]{2,4}))?)"
    r"(?:[.:)-]|$)"
)
_ENUMERATED = re.compile(
    r"((?:\d{1,2}\.)+\d{1,2}|\d{1,2}|[IVXL]{1,5}|[A-ZÇĞİÖŞÜ])(?:(?<=\d)\s|[.)]\s|\.(?=[^\W\d_]{3}))"
)
_LETTERS = "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ"
_FIRST = re.compile(r"(?:1|I|A)[.)]?\s")
_STEP = 3  # `Ç` may be left out, and a heading not be recognised
_SEVERAL = 3
_ORDER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*|[ivx]+)[.)]?\s+(?=\w)")  # `7. KAYNAKÇA`


def lists_sources(heading: str) -> bool:
    """Tell whether a bibliography stands under this heading."""
    return _plain(heading) in _SOURCES


def lists_notes(heading: str) -> bool:
    """Tell whether notes stand under this heading."""
    return len(heading) <= 40 and _plain(heading) in _NOTES


def opens_appendix(heading: str) -> bool:
    """Tell whether an appendix stands under this heading: `Ek 1`, `EKLER`, `Appendix A: …`."""
    return _APPENDIX.match(fold(heading)) is not None


def _plain(heading: str) -> str:
    return _ORDER.sub("", fold(heading).strip()).rstrip(" :.").strip("[]() ")


def levels_by_number(headings: Sequence[str]) -> dict[int, int]:
    """Give the levels of numbered headings, by their place among all: `I.`, `A.`, `1.`, `1.2`.

    A way of numbering counts where several headings use it: `I. Dünya Savaşı` alone has none. What
    is numbered first stands highest; below headings in capitals where it begins anew under them.
    """
    kinds = list(_kinds(headings))
    often = Counter(kinds)
    order = [k for k in dict.fromkeys(kinds) if k and k != "decimal" and often[k] >= _SEVERAL]
    firsts = [h for h, k in zip(headings, kinds, strict=True) if k in order[:1] and _FIRST.match(h)]
    base = 2 if len(firsts) > 1 and sum(h.isupper() for h in headings) > 1 else 1
    levels = {i: base + order.index(k) for i, k in enumerate(kinds) if k in order}
    for i, heading in enumerate(headings):
        if kinds[i] == "decimal":
            levels[i] = base + heading.split()[0].rstrip(".").count(".")
    return levels


def _kinds(headings: Sequence[str]) -> Iterator[str]:
    """Name how each heading is numbered; `C.` behind `B.` is a letter, else a Roman number."""
    letter = ""
    for heading in headings:
        match = _ENUMERATED.match(heading)
        number = match.group(1) if match and not heading.isupper() else ""
        step = _LETTERS.find(number) - _LETTERS.find(letter) if letter else 0
        if "." in number:
            yield "decimal"
        elif number.isdigit():
            yield "arabic"
        elif number == "A" or (len(number) == 1 and 0 < step <= _STEP):
            letter = number
            yield "letter"
        else:
            yield "roman" if number and set(number) <= set("IVXL") else ""
