"""In-text citations of sources: `(Gürün, 1983, s. 41-47; Yüceer, 2016, s. 145)`.

Owns: where one stands and what it names, for the author-year style as it is really typed,
archive shelf marks (`BCA, 30-18-1-1/1-1-5`) and `Bkz. Togan, 2021, s. 352-395` among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dipnot.types import Reference, Span

_GROUP = re.compile(r"\(([^()]{4,400})\)")
_LOCATOR = r"(?:\bss?\.|\bpp?\.)"
_SEE = re.compile(rf"\b(?:Bkz|Krş|bkz|krş|[Ss]ee|[Cc]f)\.?\s+((?:[^().]*(?:{_LOCATOR})?)[^().]*)")
_LEAD = re.compile(r"^(?:Bkz|Krş|bkz|krş|[Ss]ee(?: also)?|[Cc]f|Akt|akt)\.?:?\s+")
_PART = re.compile(
    r"""^(?P<author>[^\W\d_][^\d:]{1,80}?)\s*
        (?:,\s*|\s+)
        (?:(?P<date>\d{1,2}(?:[.-]\d{1,2})?[.\s]\s?(?:\w+\s)?\d{4})
          |(?P<year>(?:1[4-9]|20)\d{2}[a-z]?)
          |(?P<mark>\d{2,4}-[\d/-]+))
        \s*(?:[,:]?\s*(?P<locator>\S.*))?$""",
    re.VERBOSE,
)
_NO_YEAR = re.compile(r"^(?P<author>[^\W\d_][^\d:]{1,60}?),\s*(?P<locator>(?:ss?|pp?)\.?\s*\d.*)$")


def find_references(text: str, within: Span) -> Iterator[Reference]:
    """Find the sources cited in a range of the text, in order."""
    for match in _GROUP.finditer(text, within.start, within.end):
        yield from _parts(match.group(1), match.start(1))
    for match in _SEE.finditer(text, within.start, within.end):
        if "(" not in text[max(within.start, match.start() - 1) : match.start()]:
            yield from _parts(match.group(1).rstrip(" .,"), match.start(1))


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
        if match["mark"]:
            return Reference(span, author, None, f"{match['mark']}{match['locator'] or ''}")
        year = match["year"] or match["date"]
        return Reference(span, author, year, match["locator"])
    match = _NO_YEAR.match(piece)
    return Reference(span, match["author"].rstrip(" ,"), None, match["locator"]) if match else None
