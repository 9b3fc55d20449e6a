"""What stands beside the lines of a page: numbers of lines, initials of several lines' height.

Owns: taking the former out of the words of a page, and putting the latter on their words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.rows import Row, rows_of

_LEAST_NUMBERS = 4
_INITIAL = 1.7  # sizes of the letters beside it
_QUOTES = "“”\"'‘’«»„("
_WORDS_OF_ONE_LETTER = frozenset("OAIoai")


# --- numbers of lines --------------------------------------------------------------------------


def without_line_numbers(pages: Sequence[Sequence[Word]]) -> list[list[Word]]:
    """Leave out numbers that count the lines in the margin of pages.

    Where most pages have them, a page of few lines has too.
    """
    counted = [_without(words) for words in pages]
    places = {
        round(word.x1 / 3)
        for words, rest in zip(pages, counted, strict=True)
        if len(rest) < len(words)
        for kept in [{id(word) for word in rest}]
        for word in words
        if id(word) not in kept
    }
    return [_without_few(words, places) if places else words for words in counted]


def _without_few(words: list[Word], places: set[int]) -> list[Word]:
    """Leave out the few numbers of a page where those of the pages before stood."""
    figures = {
        id(word)
        for word in words
        if word.text.isdecimal() and round(word.x1 / 3) in places and len(word.text) <= 5
    }
    rest = [word for word in words if id(word) not in figures]
    if not figures or not rest:
        return words
    left, right = min(word.x0 for word in rest), max(word.x1 for word in rest)
    inside = [w for w in words if id(w) in figures and left < w.x1 and w.x0 < right]
    return words if inside else rest


def _without(words: Sequence[Word]) -> list[Word]:
    for numbers in _columns_of_numbers(words):
        counting = {id(number) for number in numbers}
        rest = [word for word in words if id(word) not in counting]
        if rest and _stand_outside(numbers, rest) and _count_lines(numbers, rows_of(rest)):
            return rest
    return list(words)


def _columns_of_numbers(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Give numbers that stand under each other, those that end at one place first."""
    figures = [word for word in words if word.text.isdecimal() and len(word.text) <= 5]
    for edge in ("x1", "x0"):
        places: defaultdict[int, list[Word]] = defaultdict(list)
        for word in figures:
            places[round(getattr(word, edge) / 3)].append(word)
        for place in sorted(places):
            found = [*places[place], *places.get(place + 1, ())]
            if len(found) >= _LEAST_NUMBERS:
                yield sorted(found, key=lambda word: -word.y)


def _stand_outside(numbers: Sequence[Word], rest: Sequence[Word]) -> bool:
    """Tell whether next to all text of the page stands on one side of the numbers."""
    left, right = min(n.x0 for n in numbers), max(n.x1 for n in numbers)
    beyond = Counter((word.x0 > right) - (word.x1 < left) for word in rest)
    return max(beyond[1], beyond[-1]) >= 0.98 * len(rest)


def _count_lines(numbers: Sequence[Word], rows: Sequence[Row]) -> bool:
    """Tell whether the numbers go up by as many as the lines between them."""
    steps = Counter(int(b.text) - int(a.text) for a, b in pairwise(numbers))
    step, times = steps.most_common(1)[0]
    if not 1 <= step <= 10 or times < 0.8 * (len(numbers) - 1):
        return False
    beside = [_nearest(rows, number.y) for number in numbers]
    agree = sum(abs(b - a - step) <= step // 5 for a, b in pairwise(beside))
    covered = step * len(numbers) >= 0.6 * len(rows)
    return covered and agree >= 0.7 * (len(numbers) - 1) and _are_prose(rows)


def _nearest(rows: Sequence[Row], y: float) -> int:
    return min(range(len(rows)), key=lambda i: abs(rows[i].y - y))


def _are_prose(rows: Sequence[Row]) -> bool:
    width = max(row.x1 for row in rows) - min(row.x0 for row in rows)
    full = sum(row.x1 - row.x0 > 0.75 * width for row in rows)
    tabular = sum(any(b.x0 - a.x1 > 2 * row.size for a, b in pairwise(row.words)) for row in rows)
    return full >= 0.5 * len(rows) and tabular < 0.3 * len(rows)


# --- initials ----------------------------------------------------------------------------------


def settle_initials(words: Sequence[Word]) -> list[Word]:
    """Put a large first letter that hangs over several lines on the first of them."""
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[word.size] += len(word.text)
    usual = sizes.most_common(1)[0][0] if sizes else 1.0
    settled = {
        id(word)
        for word in words
        if word.size > _INITIAL * usual and _is_initial(word.text) and _settle(word, words)
    }
    return [word for word in words if id(word) not in settled]


def _is_initial(text: str) -> bool:
    letters = text.strip(_QUOTES)
    return len(letters) == 1 and letters.isalpha()


def _is_word(initial: Word, first: Word, words: Sequence[Word]) -> bool:
    """Tell an initial that is a word itself: then what follows it is one elsewhere too."""
    if initial.text.strip(_QUOTES) not in _WORDS_OF_ONE_LETTER:
        return False
    whole = (initial.text.strip(_QUOTES) + first.text).lower()
    texts = {word.text.lower() for word in words if word is not first}
    return whole not in texts and (first.typed or first.text.lower() in texts)


def _settle(initial: Word, words: Sequence[Word]) -> bool:
    """Move an initial to the uppermost line beside it; tell whether there are such lines."""
    beside = [
        word
        for word in words
        if word is not initial
        and word.size < initial.size / _INITIAL
        and -0.25 * word.size <= word.y - initial.y <= 0.85 * initial.size
        and -0.3 * word.size <= word.x0 - initial.x1 <= 2 * word.size
    ]
    firsts = [row.words[0] for row in rows_of(beside)]
    if not firsts or (len(firsts) == 1 and firsts[0].y <= initial.y + 0.3 * firsts[0].size):
        return False
    first = firsts[0]
    apart = _is_word(initial, first, words)
    first.text = initial.text + (" " if apart else "") + first.text
    first.space, first.order = True, initial.order
    for word in firsts:
        word.x0 = initial.x0
    return True
