"""Whether a quotation stands in the texts word for word, and where.

Owns: the form in which a quotation and a text are the same (spaces, quotation marks, hyphenation
and case aside), finding all its places, and the nearest one with what differs. Texts are looked
into only around the sentences and headings that hold the rarest of its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import accumulate

import numpy as np

from dipnot.document.build import page_at
from dipnot.index.build import Index
from dipnot.language.folding import Folded
from dipnot.language.tokens import index_terms
from dipnot.types import Difference, DifferenceKind, Filters, QuoteCheck, QuotePlace, Span

MOST_PLACES = 100
_MOST_SEEN = 20 * MOST_PLACES  # places on other pages, before those of other texts are given up
_LIKELY = 20  # passages among which the nearest place is looked for
_MOST_READ = 50_000  # characters that are read for it
_ALIKE = 2.25  # how long two windows are together that are read as one, a single one being 2
_TOGETHER = 8  # the same where all places are looked for
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
_HEAD = 16  # characters among which the first sign of a text is
_TOKEN = re.compile(r"\w+|[^\w\s]")
_HYPHENATED = re.compile(rf"(?<!\S)\S*[{_HYPHENS}{_SOFT_HYPHEN}]\s*\S*")
_BREAK = re.compile(rf"[{_HYPHENS}{_SOFT_HYPHEN}]\s*")


def check_quotation(
    index: Index, quote: str, doc_id: str | None, page: int | str | None
) -> QuoteCheck:
    """Look for a quotation; ``doc_id`` and ``page``, by number or as printed: where it is cited.

    All texts are searched whatever is cited; places that are as cited come first.
    """
    cited, rest = _standing(index, quote, doc_id, page)
    places = [_told(index, quote, *found) for found in (*cited, *rest)[:MOST_PLACES]]
    return QuoteCheck(
        quote=quote,
        stands=bool(places),
        as_cited=bool(cited),
        places=tuple(places),
        nearest=None if places else _nearest(index, quote),
        generation=index.manifest.generation,
    )


Found = tuple[str, Span]
"""A range of a document."""


def _standing(
    index: Index, quote: str, doc_id: str | None, page: int | str | None
) -> tuple[list[Found], list[Found]]:
    """The places where a quotation stands: those that are as cited, and others.

    Of the text that is cited all are looked at, for the page may be that of the last.
    """
    sought = fold_wording(quote).text.strip("\"' ")
    most = _MOST_SEEN if doc_id is None and page is not None else MOST_PLACES
    cited, rest = dict[Found, None](), dict[Found, None]()
    for term in _looked_for(index, quote, doc_id):
        for own, window in _windows(index, term, len(quote), doc_id):
            if own != doc_id and len(cited) + len(rest) >= most:
                break
            for span in _in_window(index.documents[own].text, window, sought):
                right = _is_as_cited(index, (own, span), doc_id, page)
                (cited if right else rest)[own, span] = None
                if len(cited) == MOST_PLACES:
                    return list(cited), list(rest)
        if cited:
            break
    return list(cited), list(rest)


def _is_as_cited(index: Index, found: Found, doc_id: str | None, page: int | str | None) -> bool:
    own, span = found
    if doc_id is not None and own != doc_id:
        return False
    if page is None:
        return True
    document = index.documents[own]
    first, last = page_at(document, span.start), page_at(document, span.end - 1)
    told = str(page).strip().casefold()
    pages = document.pages[first - 1 : last]
    return any(told in (str(p.number), (p.label or "").casefold()) for p in pages)


def _looked_for(index: Index, quote: str, doc_id: str | None) -> list[str]:
    """The terms around which a quotation is looked for, one after another.

    They are the rarest that there are: of its words that no hyphen touches, for it may break or
    join them, then of all, joined and parted. The second of each is for a word that the text
    has with a hyphen and others without.
    """
    between = _terms_between(index, doc_id) if doc_id is not None else frozenset()
    chosen: list[str] = []
    for form in (_HYPHENATED.sub(" ", quote), _BREAK.sub("", quote), quote):
        held = {
            term: index.legs.lexical.frequency(term) + len(_headed(index, term)) + (term in between)
            for term in index_terms(form)
        }
        chosen += sorted((term for term in held if held[term]), key=held.__getitem__)[:2]
    return list(dict.fromkeys(chosen))


def _headed(index: Index, term: str) -> Sequence[int]:
    return index.headed.texts_with(term) if index.headed is not None else ()


def _terms_between(index: Index, doc_id: str) -> frozenset[str]:
    text = index.documents[doc_id].text
    gaps = _gaps(index, doc_id)
    return frozenset(term for gap in gaps for term in index_terms(text[gap.start : gap.end]))


def _gaps(index: Index, doc_id: str) -> Iterator[Span]:
    """What has words and stands between the sentences of a text: titles and headings."""
    text, places = index.documents[doc_id].text, index.places
    own = places.sentences_of(doc_id)
    starts = [*places.starts[own.start : own.stop].tolist(), len(text)]
    ends = [0, *places.ends[own.start : own.stop].tolist()]
    for start, end in zip(ends, starts, strict=True):
        if any(sign.isalnum() for sign in text[start:end]):
            yield Span(start, end)


def _windows(
    index: Index, term: str, length: int, doc_id: str | None
) -> Iterator[tuple[str, Span]]:
    """What is around a term, of the document that is cited first: document and range of its text.

    ``length``: of the quotation.
    """
    places = index.places
    rows = index.legs.lexical.rows_with_rarest([term])
    single = places.first[rows[places.last[rows] - places.first[rows] == 1]]
    texts = np.searchsorted(places.sentence_bounds, single, side="right") - 1
    headed = {places.doc_ids[number] for number in _headed(index, term)}
    others = np.union1d(texts, np.array(_headed(index, term), np.int64)).tolist()
    ids = [places.doc_ids[number] for number in others]
    for own in dict.fromkeys([doc_id, *ids] if doc_id is not None else ids):
        text, number = index.documents[own].text, places.numbers.get(own, -1)
        first, last = np.searchsorted(texts, (number, number + 1)).tolist()
        around = [
            Span(int(places.starts[n]), int(places.ends[n])) for n in single[first:last].tolist()
        ]
        if own == doc_id or own in headed:
            gaps = _gaps(index, own)
            around += [gap for gap in gaps if term in index_terms(text[gap.start : gap.end])]
        for window in _merged(sorted(around), len(text), length + _AROUND):
            yield own, window


def _merged(around: Iterable[Span], end: int, reach: int) -> Iterator[Span]:
    """What is around ranges of a text, in order; what overlaps is one, up to a length."""
    last: Span | None = None
    for span in around:
        window = _within(span, end, reach)
        if (
            last is not None
            and window.start <= last.end
            and window.end - last.start <= _TOGETHER * reach
        ):
            window = Span(last.start, max(last.end, window.end))
        elif last is not None:
            yield last
        last = window
    if last is not None:
        yield last


def _within(span: Span, end: int, reach: int) -> Span:
    return Span(max(0, span.start - reach), min(end, span.end + reach))


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


def _nearest(index: Index, quote: str) -> QuotePlace | None:
    """The place that shares most words with a quotation, in its order."""
    words = [fold_wording(m.group()).text for m in re.finditer(r"\w+", quote)]
    best: tuple[float, str, Span] | None = None
    for doc_id, window in _likely(index, quote):
        text = index.documents[doc_id].text[window.start : window.end]
        matches = list(re.finditer(r"\w+", text))
        blocks = SequenceMatcher(
            None, [fold_wording(m.group()).text for m in matches], words
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


def _likely(index: Index, quote: str) -> list[tuple[str, Span]]:
    """What is around the sentences that share most with a quotation, the best first.

    What is mostly the same is one.
    """
    whole = index_terms(_HYPHENATED.sub(" ", quote))
    terms = whole or index_terms(f"{_BREAK.sub('', quote)} {quote}")
    rows, _ = index.legs.lexical.best(terms, _LIKELY, Filters())
    places, reach = index.places, len(quote) + _AROUND
    found: list[tuple[str, Span]] = []
    for sentence in dict.fromkeys(places.first[rows].tolist()):
        own = places.doc_of(int(places.sentences[sentence]))
        span = Span(int(places.starts[sentence]), int(places.ends[sentence]))
        window = _within(span, len(index.documents[own].text), reach)
        for at, (other, before) in enumerate(found):
            both = Span(min(window.start, before.start), max(window.end, before.end))
            if other == own and (before.holds(window) or both.end - both.start <= _ALIKE * reach):
                found[at] = own, both
                break
        else:
            found.append((own, window))
    read = accumulate(window.end - window.start for _, window in found)
    return [one for one, so_far in zip(found, read, strict=True) if so_far <= _MOST_READ]


def differences(quoted: str, found: str, at: int = 0) -> tuple[Difference, ...]:
    """Say in which words and signs a quotation differs from what stands at an offset."""
    quoted = quoted.strip().strip("\"'“”„«»‘’ ") if not _opens_alike(quoted, found) else quoted
    mine, theirs = (list(_TOKEN.finditer(text)) for text in (quoted, found))
    out: list[Difference] = []
    for a, b, c, d in _other([m.group() for m in mine], [m.group() for m in theirs]):
        # As many words on both sides are compared one by one.
        step = 1 if b - a == d - c else max(b - a, d - c)
        for i in range(0, max(b - a, d - c), step):
            own, other = mine[a + i : b][:step], theirs[c + i : d][:step]
            if [m.group() for m in own] == [m.group() for m in other]:
                continue
            where = theirs[c + i].start() if c + i < len(theirs) else len(found)
            out.append(_difference(quoted, own, found, other, at, where))
    if not out and quoted.strip() != found:
        out.append(Difference("spaces", quoted, found, Span(at, at + len(found))))
    return tuple(out)


def _other(mine: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The ranges in which two texts differ; only what lies between them is searched for words."""
    pairs = min(len(mine), len(theirs))
    before = next((i for i in range(pairs) if mine[i] != theirs[i]), pairs)
    pairs -= before
    behind = next((i for i in range(pairs) if mine[-1 - i] != theirs[-1 - i]), pairs)
    between = mine[before : len(mine) - behind], theirs[before : len(theirs) - behind]
    for tag, *bounds in SequenceMatcher(None, *between).get_opcodes():
        if tag != "equal":
            a, b, c, d = (before + bound for bound in bounds)
            yield a, b, c, d


def _opens_alike(quoted: str, found: str) -> bool:
    first, other = (fold_wording(text.lstrip()[:_HEAD]).text[:1] for text in (quoted, found))
    return first == other


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


@lru_cache(256)
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
