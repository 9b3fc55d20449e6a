"""Whether a quotation stands in the texts word for word, and where.

Owns: the form in which a quotation and a text are the same (spaces, quotation marks, hyphenation
and case aside), finding all its places, and the nearest one with what differs. Texts are looked
into only around the sentences that hold the rarest of its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from difflib import Match, SequenceMatcher

from dipnot.document.build import page_at
from dipnot.index.build import Index
from dipnot.language.folding import Folded
from dipnot.language.tokens import index_terms
from dipnot.types import Difference, DifferenceKind, Filters, QuoteCheck, QuotePlace, Rows, Span

MOST_PLACES = 100
_LIKELY = 20  # passages among which the nearest place is looked for
_SAME_WORDS = 0.5  # share of a quotation's words below which nothing is near
_AROUND = 100  # characters beside a sentence that are looked at, besides the quotation's length
_CLUSTER = re.compile(r"\s+|.[\u0300-\u036f]*", re.DOTALL)
_HYPHENS, _SOFT_HYPHEN = "-‐‑", "\u00ad"
_SAME = {
    **dict.fromkeys("‘’ʼ`´′＇", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("—−", "–"),
    **dict.fromkeys("‐‑", "-"),
    **dict.fromkeys("Iİıi", "i"),
    "i\u0307": "i",
}
_TOKEN = re.compile(r"\w+|[^\w\s]")
_HYPHENATED = re.compile(rf"(?<!\S)\S*[{_HYPHENS}{_SOFT_HYPHEN}]\s*\S*")


def check_quotation(
    index: Index, quote: str, doc_id: str | None, page: int | str | None
) -> QuoteCheck:
    """Look for a quotation; ``doc_id`` and ``page``, by number or as printed: where it is cited.

    All texts are searched whatever is cited; places that are as cited come first.
    """
    terms = _terms(quote)
    places = [_told(index, quote, *found) for found in _standing(index, quote, terms)]
    cited = [p for p in places if _is_as_cited(index, p, doc_id, page)]
    rest = [p for p in places if p not in cited]
    return QuoteCheck(
        quote=quote,
        stands=bool(places),
        as_cited=bool(cited),
        places=(*cited, *rest),
        nearest=None if places else _nearest(index, quote, terms),
        generation=index.manifest.generation,
    )


def _terms(quote: str) -> tuple[str, ...]:
    """Index terms of the words that no hyphen touches, for it may break or join them."""
    whole = _HYPHENATED.sub(" ", quote)
    return tuple(dict.fromkeys(index_terms(whole) or index_terms(quote.replace("- ", ""))))


def _is_as_cited(
    index: Index, place: QuotePlace, doc_id: str | None, page: int | str | None
) -> bool:
    if doc_id is not None and place.doc_id != doc_id:
        return False
    pages = index.documents[place.doc_id].pages[place.page - 1 : place.page_end]
    if page is None:
        return True
    told = str(page).strip().casefold()
    return any(told in (str(p.number), (p.label or "").casefold()) for p in pages)


def _standing(index: Index, quote: str, terms: Sequence[str]) -> list[tuple[str, Span]]:
    """All places where a quotation stands, in the order of the texts."""
    sought = fold_wording(quote).text.strip("\"' ")
    rows = index.legs.lexical.rows_with_rarest(terms)
    found: dict[tuple[str, Span], None] = {}
    for doc_id, window in _windows(index, rows, len(quote)):
        for span in _in_window(index.documents[doc_id].text, window, sought):
            found[doc_id, span] = None
            if len(found) == MOST_PLACES:
                return list(found)
    return list(found)


def _windows(index: Index, rows: Rows, length: int) -> Iterator[tuple[str, Span]]:
    """What is around the single sentences among these rows: document and range of its text."""
    places = index.places
    reach = length + _AROUND
    for row in rows[places.last[rows] - places.first[rows] == 1].tolist():
        passage = index.passages[row]
        text = index.documents[passage.doc_id].text
        start, end = max(0, passage.span.start - reach), min(len(text), passage.span.end + reach)
        yield passage.doc_id, Span(start, end)


def _in_window(text: str, window: Span, sought: str) -> Iterator[Span]:
    folded = fold_wording(text[window.start : window.end])
    at = folded.text.find(sought)
    while at >= 0:
        start, end = folded.span(at, at + len(sought))
        span = Span(window.start + start, _with_marks(text, window.start + end))
        if _is_whole(text, span):
            yield span
        at = folded.text.find(sought, at + 1)


def _with_marks(text: str, end: int) -> int:
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _is_whole(text: str, span: Span) -> bool:
    """Whether a range begins and ends with whole words."""
    before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
    return not (
        (before.isalnum() and text[span.start].isalnum())
        or (after.isalnum() and text[span.end - 1].isalnum())
    )


def fold_wording(text: str) -> Folded:
    """Bring a text to the form in which quotations are compared, with where each sign stood.

    Letters keep their diacritics; I, İ, ı and i are one, for their case depends on the language.
    Spaces count between words only, a hyphen only beside something that is no letter.
    """
    signs: list[tuple[str, int]] = []
    for match in _CLUSTER.finditer(text):
        cluster = match.group()
        if cluster.isspace():
            signs.append((" ", match.start()))
        elif cluster != _SOFT_HYPHEN:
            plain = unicodedata.normalize("NFC", cluster)
            folded = _SAME.get(plain) or unicodedata.normalize("NFC", plain.casefold())
            signs.extend((sign, match.start()) for sign in folded)
    signs = [s for i, s in enumerate(signs) if s[0] != " " or _between(signs, i, str.isalnum)]
    kept = [s for i, s in enumerate(signs) if s[0] != "-" or not _between(signs, i, str.isalpha)]
    # What is left of hyphens is used as dashes are.
    joined = "".join(sign for sign, _ in kept).replace("-", "–")
    return Folded(joined, (*(at for _, at in kept), len(text)))


def _between(signs: Sequence[tuple[str, int]], at: int, kind: Callable[[str], bool]) -> bool:
    beside = (signs[at - 1][0] if at else " ", signs[at + 1][0] if at + 1 < len(signs) else " ")
    return all(kind(sign) for sign in beside)


# --- what differs ------------------------------------------------------------------------------


def _told(index: Index, quote: str, doc_id: str, span: Span) -> QuotePlace:
    document = index.documents[doc_id]
    return QuotePlace(
        doc_id=doc_id,
        span=span,
        page=page_at(document, span.start),
        page_end=page_at(document, span.end - 1),
        text=document.text[span.start : span.end],
        differences=differences(quote, document.text[span.start : span.end], span.start),
    )


def _nearest(index: Index, quote: str, terms: Sequence[str]) -> QuotePlace | None:
    """The place that shares most words with a quotation, in its order."""
    rows, _ = index.legs.lexical.best(terms, _LIKELY, Filters())
    words = [fold_wording(m.group()).text for m in re.finditer(r"\w+", quote)]
    best: tuple[float, str, Span] | None = None
    for doc_id, window in _windows(index, _sentences_of(index, rows), len(quote)):
        text = index.documents[doc_id].text[window.start : window.end]
        matches = list(re.finditer(r"\w+", text))
        blocks = SequenceMatcher(
            None, [fold_wording(m.group()).text for m in matches], words, autojunk=False
        ).get_matching_blocks()[:-1]
        if not blocks:
            continue
        share = sum(block.size for block in blocks) / len(words)
        (first, last), (before, after) = _edges(blocks), _unmatched(blocks, len(words))
        start = matches[_on(text, matches, first, -1, before)].start()
        end = _with_stop(text, matches[_on(text, matches, last, 1, after)].end(), quote)
        # Of two places with as many words the one where they stand closer together.
        share -= 0.1 * (end - start) / (len(quote) + 2 * _AROUND)
        if best is None or share > best[0]:
            best = share, doc_id, Span(window.start + start, window.start + end)
    if best is None or best[0] < _SAME_WORDS - 0.1:
        return None
    return _told(index, quote, best[1], best[2])


def _edges(blocks: Sequence[Match]) -> tuple[int, int]:
    return blocks[0].a, blocks[-1].a + blocks[-1].size - 1


def _unmatched(blocks: Sequence[Match], count: int) -> tuple[int, int]:
    """How many of a quotation's words stand before and behind those that are the text's."""
    return blocks[0].b, count - blocks[-1].b - blocks[-1].size


def _on(text: str, matches: Sequence[re.Match[str]], at: int, step: int, count: int) -> int:
    """Go on by some words, up to the next sign: the quotation may have others in their place."""
    while count and 0 <= at + step < len(matches):
        left, right = sorted((matches[at], matches[at + step]), key=lambda m: m.start())
        if re.search(r"[.,;:!?…\n]", text[left.end() : right.start()]):
            break
        at, count = at + step, count - 1
    return at


def _with_stop(text: str, end: int, quote: str) -> int:
    """Take in the signs behind the last word, as far as the quotation ends in the same ones."""
    for sign in re.findall(r"(?<![^\w\s])[^\w\s]*$", quote.rstrip())[0]:
        if not text.startswith(sign, end):
            break
        end += 1
    return end


def _sentences_of(index: Index, rows: Rows) -> Rows:
    """The row of the first sentence of each row."""
    return index.places.sentences[index.places.first[rows]]


def differences(quoted: str, found: str, at: int = 0) -> tuple[Difference, ...]:
    """Say in which words and signs a quotation differs from what stands at an offset."""
    quoted = quoted.strip().strip("\"'“”„«»‘’ ") if not _opens_alike(quoted, found) else quoted
    mine, theirs = (list(_TOKEN.finditer(text)) for text in (quoted, found))
    codes = SequenceMatcher(
        None, [m.group() for m in mine], [m.group() for m in theirs], autojunk=False
    ).get_opcodes()
    out: list[Difference] = []
    for tag, a, b, c, d in codes:
        if tag == "equal":
            continue
        # As many words on both sides are compared one by one.
        step = 1 if b - a == d - c else max(b - a, d - c)
        for i in range(0, max(b - a, d - c), step):
            own, other = mine[a + i : b][:step], theirs[c + i : d][:step]
            where = theirs[c + i].start() if c + i < len(theirs) else len(found)
            out.append(_difference(quoted, own, found, other, at, where))
    if not out and quoted.strip() != found:
        out.append(Difference("spaces", quoted, found, Span(at, at + len(found))))
    return tuple(out)


def _opens_alike(quoted: str, found: str) -> bool:
    return fold_wording(quoted).text[:1] == fold_wording(found).text[:1]


def _difference(
    quoted: str,
    own: list[re.Match[str]],
    found: str,
    other: list[re.Match[str]],
    at: int,
    where: int,
) -> Difference:
    """Tell of words that differ; ``where`` they stand in ``found``, or would stand."""
    mine = quoted[own[0].start() : own[-1].end()] if own else ""
    theirs = found[other[0].start() : other[-1].end()] if other else ""
    span = Span(at + where, at + where + len(theirs))
    return Difference(_kind(mine, theirs), mine, theirs, span)


def _kind(mine: str, theirs: str) -> DifferenceKind:
    """Tell which folding makes two wordings one; `words` where none does."""
    folded, other = fold_wording(mine).text, fold_wording(theirs).text
    if folded != other:
        signs = {*mine, *theirs} - {" "}
        return "hyphenation" if signs <= {*_HYPHENS, _SOFT_HYPHEN} else "words"
    if any(sign in _SAME and _SAME[sign] in "'\"" for sign in mine + theirs):
        return "quotation_marks"
    if any(sign in _HYPHENS + _SOFT_HYPHEN for sign in mine + theirs):
        return "hyphenation"
    return "case"
