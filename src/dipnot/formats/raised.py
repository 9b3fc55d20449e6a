"""Raised and lowered figures: what they say where they are no markers of notes.

Owns: telling powers (`10⁶`, `m²`), ordinals (`19e`) and markers apart by what stands before them.
"""

from __future__ import annotations

import re

from dipnot.types import Mark

RAISED = "^"  # the key of a mark that is raised text, until it is known what it is
_HIGH = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOW = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_LOWERABLE = re.compile(r"[0-9+−=()-]+")
_RAISABLE = re.compile(r"[0-9+−=()n-]+")
_LABEL = re.compile(r"[\[({]?\s*(\d{1,3}|[*†‡§¶]{1,9}|[a-zA-Z]|[ivxlc]{2,6})\s*[\])}.,:]?")
_AROUND = 60
_STOPS = tuple('.,;:!?…”’"»')
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d{2}$")
_NUMBER = re.compile(r"\d$")
_FACTOR = re.compile(r"(?:[=+*/×·(−-]|[=×·]\s)[^\W\d_]{1,3}$")  # `E = mc²`
_SHORT = re.compile(r"(?:^|[\s=+*/×·(,-])[^\W\d_]$")  # `x²`, `r²`
_MEASURE = re.compile(r"(?:^|[\s/(])(?:[kcdm]m|km|ha|sn|sec|hm|ft|yd)$")
_FORMULA = re.compile(r"\([^()\s]{0,12}[-+−=×/*^][^()]{0,12}\)$")
_AFTER_NUMBER = re.compile(r"\d[.,]*\s?[^\W\d_]{1,3}$")


def raised_text(words: str) -> str:
    """Write figures and signs as raised ones; nothing where there are none of them all."""
    return words.translate(_HIGH) if _RAISABLE.fullmatch(words) else ""


def lowered_text(words: str) -> str:
    """Write figures and signs as lowered ones; anything else as it stands."""
    return words.translate(_LOW) if _LOWERABLE.fullmatch(words.strip()) else words


def plain_label(raised: str) -> str:
    """Give the label of a note that raised text may be, without its brackets; or nothing."""
    match = _LABEL.fullmatch(raised.strip())
    return match.group(1) if match else ""


def is_power(text: str, mark: Mark) -> bool:
    """Tell an exponent or an ordinal from a marker by what stands before it in the line."""
    before = text[max(0, mark.column - _AROUND) : mark.column]
    after = text[mark.column : mark.column + 1]
    if mark.label.strip()[:1].isalpha():
        return bool(_NUMBER.search(before))  # `19e`, `1a`
    if mark.label.strip()[:1] in "+-−":
        return True
    if not before or before[-1].isspace():
        return after.isalpha()  # `¹⁴C`
    if _NUMBER.search(before):
        return not _YEAR.search(before)
    return any(p.search(before) for p in (_SHORT, _MEASURE, _FACTOR, _FORMULA, _AFTER_NUMBER))


def as_text(text: str, mark: Mark, *, marks_notes: bool) -> tuple[str, Mark | None]:
    """Give what stands for raised text that leads to no note: its words, or a lonely marker.

    A figure behind a full stop is a marker all the same: `kuruldu.⁷` would be a power of nothing.
    So is one behind a word where raised figures mark notes in this text; else it may be `sin²`.
    """
    words = mark.label.strip()
    label = plain_label(words)
    before = text[max(0, mark.column - _AROUND) : mark.column].rstrip()
    behind = marks_notes or before.endswith(_STOPS)
    if label.isdigit() and before and behind and not is_power(text, mark):
        return "", Mark(f"lonely {mark.column} {label}", label)
    if _RAISABLE.fullmatch(words):
        gap = "" if before or text[mark.column : mark.column + 1].isalpha() else " "
        return raised_text(words) + gap, None
    return words if before else f"{words} ", None
