"""In-text citations of sources: `(Gürün, 1983, s. 41-47; Yüceer, 2016, s. 145)`.

Owns: where one stands and what it names, for the author-year style as it is really typed,
archive shelf marks (`BCA, 30-18-1-1/1-1-5`) and `Bkz. Togan, 2021, s. 352-395` among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dipnot.language.known import KNOWN
from dipnot.types import Reference, Span

_GROUP = re.compile(r"\(([^()]{4,400})\)")
_SEE = re.compile(
    r"\b(?:Bkz|Krş|bkz|krş|[Ss]ee|[Cc]f)\.?:?\s+((?:[^().]|(?<=\b[sSpPcC])\.|(?<=\bss)\.|(?<=\bpp)\.){4,400})"
)
_SEE_NAMED = re.compile(
    r"\b(?:Bkz|Krş|bkz|krş|[Ss]ee|[Cc]f)\.?:?\s+"
    r"(?P<author>[^\W\d_][^\d:.()]{1,80}?)\s\((?P<year>(?:1[4-9]|20)\d{2}[a-z]?)\)"
)
_MONTH = re.compile(
    rf"(?:{'|'.join(name for own in KNOWN for name in own.months)})$", re.IGNORECASE
)
_LEAD = re.compile(r"^(?:Bkz|Krş|bkz|krş|[Ss]ee(?: also)?|[Cc]f|Akt|akt)\.?:?\s+")
_PART = re.compile(
    r"""^(?P<author>[^\W\d_][^\d:]{1,80}?)\s*
        (?P<comma>,\s*|\s+)
        (?:(?P<date>\d{1,2}(?:[.-]\d{1,2})?[.\s]\s?(?:\w+\s)?\d{4})
          |(?P<year>(?:1[4-9]|20)\d{2}[a-z]?)(?!\s*[-–]\s*\d)
          |(?!\d{4}[-–]\d{2,4}(?![\d/-]))(?P<mark>\d{2,4}-[\d/-]+))
        \s*(?:[,:]?\s*(?P<locator>\S.*))?$""",
    re.VERBOSE,
)
_NO_YEAR = re.compile(r"^(?P<author>[^\W\d_][^\d:]{1,60}?),\s*(?P<locator>(?:ss?|pp?)\.?\s*\d.*)$")


def find_references(text: str, within: Span) -> Iterator[Reference]:
    """Find the sources cited in a range of the text, in order, none of them twice."""
    end = within.start
    for reference in sorted(_found(text, within), key=lambda r: r.span):
        if reference.span.start >= end:
            end = reference.span.end
            yield reference


def _found(text: str, within: Span) -> Iterator[Reference]:
    for match in _GROUP.finditer(text, within.start, within.end):
        yield from _parts(match.group(1), match.start(1))
    for match in _SEE.finditer(text, within.start, within.end):
        yield from _parts(match.group(1).rstrip(" .,"), match.start(1))
    for match in _SEE_NAMED.finditer(text, within.start, within.end):
        span = Span(match.start("author"), match.end())
        yield Reference(span, match["author"], match["year"], None)


def _parts(group: str, offset: int) -> Iterator[Reference]:
    at = offset
    for piece in group.split(";"):
        stripped = piece.strip()
        start = at + len(piece) - len(piece.lstrip())
        at += len(piece) + 1
        lead = _LEAD.match(stripped)
        if lead:
            start += lead.end()
            stripped = stripped[lead.end() :]
        reference = _parse(stripped, start)
        if reference is not None:
            yield reference


def _parse(piece: str, start: int) -> Reference | None:
    if not piece[:1].isupper():
        return None
    span = Span(start, start + len(piece))
    match = _PART.match(piece)
    if match:
        author = match["author"].rstrip(" ,")
        spaced = not match["comma"].startswith(",")
        loose = spaced and not match["locator"]
        if not match["mark"] and (loose or (spaced and _MONTH.search(author))):
            return None  # `(Lozan 1923)`, `(Mayıs 1909 - Ocak 1910)`
        if match["mark"] and spaced and "/" not in match["mark"]:
            return None  # `(Madde 10-15)`
        if match["mark"]:
            return Reference(span, author, None, f"{match['mark']}{match['locator'] or ''}")
        year = match["year"] or match["date"]
        return Reference(span, author, year, match["locator"])
    match = _NO_YEAR.match(piece)
    return Reference(span, match["author"].rstrip(" ,"), None, match["locator"]) if match else None
