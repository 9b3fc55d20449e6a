"""Text to sentence spans, for Turkish and English scholarly prose.

Owns: where a sentence ends. Knows abbreviations (`s. 40`, `Bkz.`, `Dr.`), ordinals and Roman
numerals (`I. Dünya Savaşı`, `16. yüzyıl`), initials, dates, quotations that hold several
sentences, and that a source in parentheses belongs to the sentence before it.
"""

from __future__ import annotations

import re

from dipnot.types import Span

_ABBREVIATIONS = frozenset(
    """s ss sy sf c cilt bkz bk krş vb vd vs vdğ yy yay haz çev der ed eds dr prof doç yrd arş gör
    öğr av no nr nu md mad alb gen org tüm bnb yzb müh mim st mr mrs ms jr sr pp p vol fig cf al ca
    viz ie eg etc approx dept univ inc ltd co bl böl örn age agm agy çvr trc trans hz kur sok cad
    mah apt tel op cit ibid id""".split()
)
# Abbreviations that may also end a sentence: a capital letter decides.
_MAY_END = frozenset("vb vd vs etc al vdğ age agm ibid".split())
_ROMAN = re.compile(r"^[IVXLC]+$")
_END = re.compile(r"[.!?…]+")
_CLOSERS = "”’\"')]»"
_OPENERS = "“‘\"'([«-–—"
_CITATION = re.compile(r"\s*\((?=[^()]*\d)[^()]{3,300}\)\s*\.?")
_LONGEST_QUOTATION = 600
_FINITE = re.compile(
    r"(?:[dt][ıiuü](?:r|lar|ler|n|m|k)?|m[ıiuü]ş(?:lar|ler)?|yor(?:lar)?|[ae]c[ae]k|malı|meli)$"
)
_BARE_CITATION = re.compile(r"(\w+)\s\([^()]*\b\d{4}\b[^()]*\)(?=\s+[A-ZÇĞİÖŞÜÂÎÛ])")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Cut ``text[start:end]``, one paragraph, into sentences.

    The spans are in order, do not overlap, hold no outer white space, and together hold every
    character of the paragraph that is not white space.
    """
    end = len(text) if end is None else end
    paragraph = text[start:end]
    spans: list[Span] = []
    begin = 0
    for cut in (*_cuts(paragraph), len(paragraph)):
        piece = paragraph[begin:cut]
        left = begin + len(piece) - len(piece.lstrip())
        right = begin + len(piece.rstrip())
        if left < right:
            spans.append(Span(start + left, start + right))
        begin = cut
    return tuple(spans)


def _cuts(paragraph: str) -> list[int]:
    """Offsets, in order, where a new sentence begins."""
    quoted = _quotations(paragraph)
    cuts: list[int] = []
    for match in _END.finditer(paragraph):
        cut = _cut_after(paragraph, match)
        if cut is not None and not any(a < cut < b for a, b in quoted):
            cuts.append(cut)
    cuts.extend(
        match.end()
        for match in _BARE_CITATION.finditer(paragraph)
        if _FINITE.search(match.group(1))
    )
    return sorted(set(cuts))


def _cut_after(paragraph: str, mark: re.Match[str]) -> int | None:
    """Decide whether a sentence ends at this full stop; give where the next begins."""
    end = mark.end()
    while end < len(paragraph) and paragraph[end] in _CLOSERS:
        end += 1
    if end >= len(paragraph):
        return None
    if not paragraph[end].isspace():
        return None
    rest = paragraph[end:].lstrip()
    if mark.group() == "." and _is_abbreviation(paragraph, mark.start(), rest):
        return None
    citation = _CITATION.match(paragraph, end)
    if citation is not None and paragraph[citation.end() :].lstrip()[:1].isupper():
        # `… belirtmekteydi. (Gürün, 1991, s. 104). Bolşevikler …`: the source belongs before.
        return citation.end()
    if citation is not None and citation.end() >= len(paragraph):
        return None
    return end if _opens_sentence(rest) else None


def _opens_sentence(rest: str) -> bool:
    head = rest.lstrip(_OPENERS + " ")
    if not head:
        return False
    return head[0].isupper() or head[0].isdigit() or not head[0].isalpha()


def _is_abbreviation(paragraph: str, dot: int, rest: str) -> bool:
    """Tell whether the word before this full stop is abbreviated or a numeral in order."""
    word = re.search(r"[\w.’']*$", paragraph[:dot])
    token = word.group().split(".")[-1] if word else ""
    following = rest.lstrip(_OPENERS + " ")[:1]
    if not token:
        return False
    lowered = token.replace("İ", "i").replace("I", "ı").lower()
    if lowered in _ABBREVIATIONS or token.lower() in _ABBREVIATIONS:
        return not (lowered in _MAY_END and following.isupper())
    if len(token) == 1 and token.isalpha() and token.isupper():
        return True  # an initial, or a Roman numeral of one letter
    if _ROMAN.match(token):
        return True
    if token.isdigit():
        # `19. yüzyıl`, `VIII. 2. Dünya`: an ordinal; `… 1923. Bu` ends a sentence.
        return len(token) <= 2 or not following.isupper()
    return False


def _quotations(paragraph: str) -> list[tuple[int, int]]:
    """Ranges inside curly quotation marks, outermost only.

    Unclosed ones are left out, and those so long that a reader would not take them as one sentence.
    """
    ranges: list[tuple[int, int]] = []
    opened: list[int] = []
    for i, char in enumerate(paragraph):
        if char in "“«":
            opened.append(i)
        elif char in "”»" and opened:
            begun = opened.pop()
            if not opened and i - begun < _LONGEST_QUOTATION:
                ranges.append((begun, i + 1))
    return ranges
