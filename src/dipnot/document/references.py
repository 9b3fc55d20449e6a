"""In-text citations of sources: `(Gürün, 1983, s. 41-47; Yüceer, 2016, s. 145)`.

Owns: where one stands and what it names, for the author-year style as it is really typed,
archive shelf marks (`BCA, 30-18-1-1/1-1-5`) and `Bkz. Togan, 2021, s. 352-395` among them.
What may as well be no citation, `Gürün (1991)` and `(Hale 2003)`, is given apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dipnot.language.known import KNOWN
from dipnot.types import Reference, Span

PARTICLES = "von|van|de|bin|ibn|al"  # they stand inside a name, or open a surname
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
_LEAD = re.compile(
    r"^(?:[Bb]kz?|[Bb]akınız|[Kk]rş|[Ss]ee(?: also)?|[Cc]f|[Aa]kt(?:aran)?|[Ee]\.g)\.?[:,]?\s+"
)
_PARTICLE = re.compile(rf"(?:{PARTICLES})\s")
_OF_YEAR = re.compile(
    r"\s\((?P<year>(?:1[4-9]|20)\d{2}[a-z]?)(?:\s?[,:]\s?(?P<locator>[^()]{1,60}))?\)"
)
_WORD = re.compile(r"\S+")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+")
_CASE = re.compile(r"(?<=\w\w)['’]\w{1,6}$")  # `Gürün’e (1991) göre`, not `O’Neill (2001)`
_JOINS = frozenset(("ve", "ile", "and", "&", "et", "al.", "al", "vd.", "vd", "diğerleri", "others"))
_BEFORE = 100  # letters of a name and of those with it
_NAMES = 8
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


def find_doubtful(text: str, within: Span) -> Iterator[list[Reference]]:
    """Find what cites a source only if the text lists it: `Gürün (1991)`, `(Hale 2003)`.

    Each comes with all that may be its author's name, the longest first.
    """
    for match in _GROUP.finditer(text, within.start, within.end):
        for piece, start in _pieces(match.group(1), match.start(1)):
            reference = _parse(piece, start, loose=True)
            if reference is not None:
                yield [reference]
    for match in _OF_YEAR.finditer(text, within.start, within.end):
        begin = max(within.start, match.start() - _BEFORE)
        names = list(_names_at_end(text[begin : match.start()]))
        if names:
            yield [
                Reference(Span(begin + at, match.end()), name, match["year"], match["locator"])
                for at, name in names
            ]


def _names_at_end(before: str) -> Iterator[tuple[int, str]]:
    """Give where a name that ends here may begin, and the name; all of several authors."""
    words = list(_WORD.finditer(before))[-_NAMES:]
    end = len(_CASE.sub("", before))
    starts: list[int] = []
    behind: list[int] = []  # names behind an `and` that may have none before it
    for word in reversed(words):
        said = _CASE.sub("", word.group()) if word is words[-1] else word.group()
        capital = said[:1].isupper() and (said[-1].isalnum() or bool(_INITIAL.fullmatch(said)))
        if capital or (starts and _PARTICLE.fullmatch(f"{said} ")):
            starts.append(word.start())
        elif said in _JOINS:
            starts, behind = [], starts or behind
        else:
            break
    yield from ((at, before[at:end]) for at in reversed(starts or behind))


def _found(text: str, within: Span) -> Iterator[Reference]:
    for match in _GROUP.finditer(text, within.start, within.end):
        yield from _parts(match.group(1), match.start(1))
    for match in _SEE.finditer(text, within.start, within.end):
        yield from _parts(match.group(1).rstrip(" .,"), match.start(1))
    for match in _SEE_NAMED.finditer(text, within.start, within.end):
        span = Span(match.start("author"), match.end())
        yield Reference(span, match["author"], match["year"], None)


def _parts(group: str, offset: int) -> Iterator[Reference]:
    for piece, start in _pieces(group, offset):
        reference = _parse(piece, start)
        if reference is not None:
            yield reference


def _pieces(group: str, offset: int) -> Iterator[tuple[str, int]]:
    """Cut what stands in parentheses into what may be a source each, with its place."""
    at = offset
    for piece in group.split(";"):
        stripped = piece.strip()
        start = at + len(piece) - len(piece.lstrip())
        at += len(piece) + 1
        lead = _LEAD.match(stripped)
        if lead:
            start += lead.end()
            stripped = stripped[lead.end() :]
        yield stripped, start


def _parse(piece: str, start: int, *, loose: bool = False) -> Reference | None:
    """Read one source; ``loose``: one whose year stands behind the name without a comma."""
    particle = _PARTICLE.match(piece)
    if not piece[particle.end() if particle else 0 :][:1].isupper():
        return None
    span = Span(start, start + len(piece))
    match = _PART.match(piece)
    if match is None:
        match = None if loose else _NO_YEAR.match(piece)
        return (
            Reference(span, match["author"].rstrip(" ,"), None, match["locator"]) if match else None
        )
    author = match["author"].rstrip(" ,")
    spaced = not match["comma"].startswith(",")
    if match["mark"]:  # `(Madde 10-15)` is none
        none = loose or (spaced and "/" not in match["mark"])
        return (
            None
            if none
            else Reference(span, author, None, f"{match['mark']}{match['locator'] or ''}")
        )
    # `(Lozan 1923)`, `(Mayıs 1909 - Ocak 1910)`
    if (spaced and not match["locator"]) != loose or (spaced and _MONTH.search(author)):
        return None
    return Reference(span, author, match["year"] or match["date"], match["locator"])
