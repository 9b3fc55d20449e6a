"""Text to sentence spans, for Turkish and English scholarly prose.

Owns: where a sentence ends. Knows abbreviations (`s. 40`, `Bkz.`, `Dr.`), ordinals and Roman
numerals (`I. Dünya Savaşı`, `16. yüzyıl`), initials, dates, quotations that hold several
sentences, and that a source in parentheses belongs to the sentence before it. A quotation is not
cut, not even one that is a paragraph by itself, unless it is longer than a reader would take as
one sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from dipnot.language.detection import language_scores
from dipnot.language.known import joined, pattern
from dipnot.types import Span

_ABBREVIATIONS = joined(lambda own: own.abbreviations)
# Abbreviations that may also end a sentence: a capital letter decides.
_MAY_END = joined(lambda own: own.may_end)
_DOTTED_MAY_END = joined(lambda own: own.dotted_may_end)
_BEFORE_NAMES = joined(lambda own: own.before_names)
_BEFORE_NUMBERS = joined(lambda own: own.before_numbers)
_BEHIND_NAMES = re.compile(rf"\s(?:{pattern(lambda own: own.behind_names)})", re.IGNORECASE)
_NO_NAME = joined(lambda own: own.no_name)
_OPENS = joined(lambda own: own.opens)
_MAY_CLOSE = joined(lambda own: own.may_close)
_SMALL = re.compile(r"(?<![\w.’'])[a-zçğıöşüâîû]{2}")
_SPOKEN = re.compile(r"[aeıioöuüâîûyäéèêëáàóòôúùíìïñ]|(.)\1")  # `Hmm.` is no abbreviation
_WORD_AFTER = re.compile(r"\s+([^\W\d_]{1,40})")
_WORD_BEGUN = re.compile(r"\s+[“‘\"'(«]{0,3}([^\W\d_]{1,40})")
_NUMBER_AFTER = re.compile(r"\s(?:no\b[.:]?\s?)?\d{1,3}(?![\d’'])", re.IGNORECASE)
_ROMAN = re.compile(r"[IVXLC]+")
_END = re.compile(r"[.!?…]+")
_CLOSERS = "”’\"')]»"
_OPENERS = "“‘\"'([«-–—"
_LAST_WORD = re.compile(r"(?<![\w.’'])[\w.’']*$")
_ITEM = re.compile(r"(?<![\w.,])(\d{1,3})\.\s")
_LAST_STOP = re.compile(r"^.*[.!?…]\s", re.DOTALL)
_REST = re.compile(r"[\s“‘\"'(\[«–—-]*")
_CITATION = re.compile(r"\s*\((?=[^()]{0,300}\d)[^()]{3,300}\)\s*\.?")
# `(Ek cümle: 12/7/2013-6495/33 md.) Üye …`: what amended the sentence that it opens
_AMENDED = re.compile(
    r"\s*\([^\W\d][^():\d]{1,40}:\s?(?:\d{1,2}[./]){2}\d{4}\s?[-–][^()]{1,60}\)\s+\S"
)
_FINITE = re.compile(rf"(?:{pattern(lambda own: own.finite)})$")
_TOKEN = re.compile(r"\S{1,80}")
# What begins a sentence behind a forgotten space; the numeral behind a finite verb only.
_WORD_BEGINS = re.compile(r"[A-ZÇĞİÖŞÜÂÎÛ][a-zçğıöşüâîû]")
_FORGOTTEN = re.compile(
    r"\b([a-zçğıöşüâîû]{3,40})\.([A-ZÇĞİÖŞÜÂÎÛ][a-zçğıöşüâîû]{0,30}+)(?![\w.(])"
)
_APART = re.compile(r"\b([a-zçğıöşüâîû]{3,40})(?=[\s,;:])")
_YEAR = re.compile(r"[12]\d{3}")
_NUMERAL_BEGINS = re.compile(r"\d|[IVXLC]+\.|O\s")
_BARE_CITATION = re.compile(
    r"\b(\w{2,40})\s\([^()]{0,200}\b\d{4}\b[^()]{0,200}\)(?=\s+[A-ZÇĞİÖŞÜÂÎÛ])"
)
# Marks of notes that could not be lifted out: `kuruldu.[3]`, `kuruldu.[a]`, `kuruldu.¹`
_NOTES = re.compile(
    r"(?:\[(?:\d{1,3}|[a-z]|[*†‡§]{1,3})\]|\(\d{1,3}\)|\{\d{1,3}\}|[⁰¹²³⁴-⁹]{1,3}"
    r"|[*†‡§]{1,3}(?=\s|$))+"
)
_PAGE = re.compile(r"\b(?:ss?|sf|pp?)\.\s?(?:\d{1,4}\s?[-–]\s?)?$")
_STOPS = tuple(".!?…")
_WORD_QUOTED = re.compile(r"['‘]\w+['’]\w")  # `'Göl'lerden`, or a quotation `'Göl'ün suyu …`
_ELIDED = re.compile(
    r"(?:em|tis|twas|twere|twill|til|cause(?=\s(?:he|she|it|they|we|you|I|there)\b))\b(?!['’])",
    re.IGNORECASE,
)
_SMALL_BEHIND = re.compile(r"\s[a-z]")
# The next single mark that stands at the edge of a word; one that opens is captured.
_SINGLE_MARK = re.compile(r"(?<![^\s(\[])(['‘])(?=[^\W\d_])|['’](?!\w)")
_LONGEST_WORD = 40
_BEFORE = 200  # letters of a sentence, where it is looked at what it holds
_LONGEST_QUOTATION = 600
_LONGEST_REMARK = 300
_LONGEST_SENTENCE = 2_000
_SOFT_ENDS = (";", ":", ",", "")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Cut ``text[start:end]``, one paragraph, into sentences.

    The spans are in order, do not overlap, hold no outer white space, and together hold every
    character of the paragraph that is not white space. What goes on beyond any sentence, as a
    table may, is cut at a lesser mark or between words.
    """
    end = len(text) if end is None else end
    paragraph = text[start:end]
    spans: list[Span] = []
    begin = 0
    for cut in (*_cuts(paragraph, text), len(paragraph)):
        while cut - begin > _LONGEST_SENTENCE:
            soft = _soft_cut(paragraph, begin)
            spans.extend(_stripped(paragraph, begin, soft, start))
            begin = soft
        spans.extend(_stripped(paragraph, begin, cut, start))
        begin = cut
    return tuple(spans)


def quotations(paragraph: str) -> list[tuple[int, int]]:
    """Ranges inside quotation marks, in order and apart from each other.

    Unclosed ones are left out, and those so long that a reader would not take them as one sentence.
    """
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    single = -1
    for i, char in enumerate(paragraph):
        before, after = paragraph[i - 1 : i], paragraph[i + 1 : i + 2]
        begins = not before or before.isspace() or before in "(["
        if char in "“«" or (char == '"' and begins):
            opened.append(i)
        elif char in '”»"' and opened:
            pairs.append((opened.pop(), i + 1))
        elif char in "'‘’" and begins and _ELIDED.match(paragraph, i + 1):
            continue
        elif char in "'‘" and begins and after.isalpha():
            single = i
        elif (
            char in "'’"
            and single >= 0
            and (not after.isalnum() or (before in _STOPS and after.isupper()))
        ):
            if before == "s" and _goes_on(paragraph, i):
                continue  # `the boys' house`
            # An apostrophe (`Göl'ün`) has a letter behind it; a closing mark only where the
            # space was forgotten.
            if before in _STOPS or not _WORD_QUOTED.match(paragraph, single):
                pairs.append((single, i + 1))
            single = -1
    ranges: list[tuple[int, int]] = []
    for begin, end in sorted(pairs):
        if end - begin <= _LONGEST_QUOTATION and (not ranges or begin >= ranges[-1][1]):
            ranges.append((begin, end))
    return ranges


def _goes_on(paragraph: str, at: int) -> bool:
    """Tell an apostrophe behind `s` from a mark that closes: the next mark closes, too."""
    if not _SMALL_BEHIND.match(paragraph, at + 1):
        return False
    following = _SINGLE_MARK.search(paragraph, at + 1)
    return following is not None and following.group(1) is None


def _stripped(paragraph: str, begin: int, cut: int, start: int) -> list[Span]:
    piece = paragraph[begin:cut]
    left = begin + len(piece) - len(piece.lstrip())
    right = begin + len(piece.rstrip())
    return [Span(start + left, start + right)] if left < right else []


def _soft_cut(paragraph: str, begin: int) -> int:
    """Where to cut what is too long for a sentence."""
    limit = begin + _LONGEST_SENTENCE
    for mark in _SOFT_ENDS:
        at = paragraph.rfind(f"{mark} ", begin + _LONGEST_SENTENCE // 2, limit)
        if at >= 0:
            return at + len(mark) + 1
    return limit


def _cuts(paragraph: str, whole: str) -> list[int]:
    """Offsets, in order, where a new sentence begins; ``whole`` is the text around."""
    quoted = quotations(paragraph)
    begins = [begin for begin, _ in quoted]
    ends = {end for _, end in quoted}
    cuts: list[int] = []
    for match in _END.finditer(paragraph):
        cut = _cut_after(paragraph, match, whole)
        if cut is not None:
            if paragraph[cut - 1] in "'\"" and not paragraph[cut].isspace() and cut not in ends:
                cut = match.end()  # `addır.'Celâl' sözü`: the mark opens
            at = bisect_right(begins, cut - 1) - 1
            if at < 0 or cut >= quoted[at][1]:
                cuts.append(cut)
    cuts.extend(
        match.end()
        for match in _BARE_CITATION.finditer(paragraph)
        if _FINITE.search(match.group(1))
    )
    return sorted(set(cuts))


def _cut_after(paragraph: str, mark: re.Match[str], whole: str) -> int | None:
    """Decide whether a sentence ends at this full stop; give where the next begins."""
    end = mark.end()
    if _doubts(paragraph, mark):
        return None
    while end < len(paragraph) and paragraph[end] in _CLOSERS:
        end += 1
    notes = _NOTES.match(paragraph, end)
    end = notes.end() if notes else end
    if end >= len(paragraph):
        return None
    if not paragraph[end].isspace():
        return end if _space_forgotten(paragraph, mark, end, whole) else None
    following = _first_letter(paragraph, end)
    if (
        mark.group() == "."
        and _is_abbreviation(paragraph, mark.start(), following)
        and not _closes(paragraph, mark.start(), following)
    ):
        return None
    citation = _CITATION.match(paragraph, end)
    if citation is not None and not _AMENDED.match(paragraph, end):
        after = _first_letter(paragraph, citation.end(), openers=False)
        if after.isupper() or not after:
            # `… belirtmekteydi. (Gürün, 1991, s. 104). Bolşevikler …`: the source belongs before.
            return citation.end() if after else None
    return end if _opens_sentence(following) else None


def _doubts(paragraph: str, mark: re.Match[str]) -> bool:
    """Tell a mark that doubts a word or a year: `bu büyük (!) dost`, `(1240?-1320?)`."""
    inside = paragraph[max(0, mark.start() - _LONGEST_REMARK) : mark.start()]
    opener = {")": "(", "]": "["}.get(paragraph[mark.end() : mark.end() + 1])
    if opener is None or opener not in inside or mark.group().strip("?!"):
        return False
    before, _, inside = inside.rpartition(opener)
    opens = before.rstrip(f"{_CLOSERS} \n")[-1:] in ("", *_STOPS)
    return not inside or (inside[-1].isdigit() and not opens)


def _first_letter(paragraph: str, at: int, *, openers: bool = True) -> str:
    """Give the first character from ``at`` on that is neither white space nor an opening mark."""
    if openers:
        match = _REST.match(paragraph, at)
        at = match.end() if match else at
    else:
        while at < len(paragraph) and paragraph[at].isspace():
            at += 1
    return paragraph[at : at + 1]


def _opens_sentence(following: str) -> bool:
    return bool(following) and (following.isupper() or not following.islower())


def _space_forgotten(paragraph: str, mark: re.Match[str], end: int, whole: str) -> bool:
    """Tell whether a sentence ends at a mark with no space behind it: `geldi.Ancak sonra`."""
    word = _word_before(paragraph, mark.start())
    finite = bool(_FINITE.search(word))
    closed = paragraph[max(0, mark.start() - 1) : mark.start()] in tuple(_CLOSERS)
    if not closed and (len(word) < 3 or word in _ABBREVIATIONS - _MAY_END):
        return False
    if _WORD_BEGINS.match(paragraph, end):
        token = _TOKEN.match(paragraph, end)
        inside = token.group().rstrip(f".,;:{_CLOSERS}") if token else ""
        if "@" in inside:
            return False
        dotted = "." in f"{word}{inside}" or "(" in inside  # `os.path.Join(a)`
        if closed or finite or mark.group() != "." or _YEAR.fullmatch(word):
            return True
        return word.islower() and not dotted and not _is_dotted_name(word, paragraph, whole)
    return finite and end == mark.end() and bool(_NUMERAL_BEGINS.match(paragraph, end))


def _is_dotted_name(word: str, paragraph: str, whole: str) -> bool:
    """Tell `pathlib.Path` in English from a forgotten space: `the lake.The village`.

    A text that names such things does so several times, and the names are none of its words.
    """
    names, forgotten = _dotted(whole)
    return word in names and len(names) > max(1, forgotten) and _is_english(paragraph)


@lru_cache(maxsize=2)
def _dotted(text: str) -> tuple[frozenset[str], int]:
    """Give the words before a stop and a capital that are seen only there; count the others."""
    found = _FORGOTTEN.findall(text)
    apart = set(_APART.findall(text)) if found else set()
    names = {
        word for word, behind in found if word not in apart and not _is_among(behind, _NO_NAME)
    }
    return frozenset(names), sum(word not in names for word, _ in found)


def _word_before(paragraph: str, dot: int) -> str:
    match = _LAST_WORD.search(paragraph[max(0, dot - _LONGEST_WORD) : dot])
    return match.group() if match else ""


def _is_abbreviation(paragraph: str, dot: int, following: str) -> bool:
    """Tell whether the word before this full stop is abbreviated or a numeral in order."""
    dotted = _word_before(paragraph, dot).lstrip(".’'")
    token = dotted.rsplit(".", 1)[-1]
    if not token:
        return False
    lowered = _lowered(token)
    if _is_among(token, _ABBREVIATIONS):
        in_brackets = paragraph[dot + 1 : dot + 2] in tuple(")]")
        return in_brackets or not (lowered in _MAY_END and following.isupper())
    if len(token) == 1 and token.isalpha() and not token.isupper() and not following.isdigit():
        # Letters with a stop each: `i.e.`
        return dotted != token and not (dotted.lower() in _DOTTED_MAY_END and following.isupper())
    if (len(token) == 1 and token.isalpha()) or _ROMAN.fullmatch(token):
        return True  # an initial, a Roman numeral, `d. 1881`
    if token.isdigit():
        # `19. yüzyıl`, `VIII. 2. Dünya`: an ordinal; `… 1923. Bu` ends a sentence.
        before = paragraph[max(0, dot - _LONGEST_WORD) : dot - len(token)]
        ordinal = len(token) <= 3 and not _PAGE.search(before)  # `s. 41. Bu` is no ordinal
        return ordinal or not following.isupper()
    return _is_before_its_own(paragraph, dot, token)


def _closes(paragraph: str, dot: int, following: str) -> bool:
    """Tell a number, a letter or an abbreviation that ends a sentence by the word behind it.

    `He was 65. The king …`, `World War I. The peace …`, `Acme Inc. The firm …`; not `1. The king`,
    `Article 5. The king …` or `Hill, J. The Lake`, where no sentence has begun before.
    """
    after = _WORD_BEGUN.match(paragraph, dot + 1)
    if after is None or not following.isupper() or paragraph[after.end() : after.end() + 1] == ".":
        return False
    opens = _is_among(after.group(1), _OPENS)
    dotted = _word_before(paragraph, dot).lstrip(".’'")
    token = dotted.rsplit(".", 1)[-1]
    if _is_among(dotted, _MAY_CLOSE):
        return opens
    if not (token.isdecimal() or _ROMAN.fullmatch(token) or (len(token) == 1 and token.isupper())):
        return False
    before = paragraph[max(0, dot - _BEFORE) : dot - len(dotted)]
    begun = _SMALL.search(_LAST_STOP.sub("", before)) and before.rstrip()[-1:].isalpha()
    if not begun or before[-1:] != " " or (token.isdecimal() and _counts(paragraph, int(token))):
        return False
    return opens or (token.isdecimal() and _is_english(paragraph))


def _counts(paragraph: str, number: int) -> bool:
    """Tell the number of an item in a list that runs on: `1. Cut the board 2. Build the core`."""
    numbers = _numbers(paragraph)
    return {1, 2} <= numbers and (number == 1 or number - 1 in numbers)


@lru_cache(maxsize=2)
def _numbers(paragraph: str) -> frozenset[int]:
    return frozenset(map(int, _ITEM.findall(paragraph)))


@lru_cache(maxsize=2)
def _is_english(paragraph: str) -> bool:
    """Tell a paragraph of a language without dotted ordinals."""
    turkish, english = language_scores(paragraph)
    return english > 2 * turkish


def _lowered(word: str) -> str:
    return word.replace("İ", "i").replace("I", "ı").lower()


def _is_among(word: str, words: frozenset[str]) -> bool:
    """Tell for a word of either language: `Işık` and `It` lower their I apart."""
    return _lowered(word) in words or word.lower() in words


def _is_before_its_own(paragraph: str, dot: int, token: str) -> bool:
    """Tell what is an abbreviation before some words only: `Sn. Kaya`, `Art. 5`, `San. Tic.`."""
    if token[:1].isupper() and _BEHIND_NAMES.match(paragraph, dot + 1):
        return True
    if _is_among(token, _BEFORE_NUMBERS):
        return _NUMBER_AFTER.match(paragraph, dot + 1) is not None
    titles = token.lower() in _BEFORE_NAMES or (
        len(token) > 2 and not _SPOKEN.search(token.lower())
    )
    after = _WORD_AFTER.match(paragraph, dot + 1) if titles and token.istitle() else None
    if after is None or after.group(1).lower() in _NO_NAME:
        return False
    before = paragraph[max(0, dot - len(token) - 2) : dot - len(token)].rstrip()
    return not before[-1:].isdigit()  # `100 Mbps. Hat …`
