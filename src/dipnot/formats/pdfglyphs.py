"""The letters of a PDF page as PDFium finds them, each with its place, and the rules drawn on it.

Owns: reading one page with PDFium. Knows nothing of words.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from unicodedata import normalize

import pypdfium2.raw as pdf

from dipnot.formats.pdfspelling import Glyph, Style

MAX_CHARS = 100_000  # of a page; a full newspaper page has 40,000
_MAX_OBJECTS = 20_000  # of a page, looked through for rules
_HYPHENS = frozenset("\ufffe\xad")
_MARKING = frozenset("*()[]†‡§abcdefivx")  # signs of notes, beside figures
_LINE_END = 2  # PDFium's name for a printed hyphen that it takes for the end of a line
_BLANK = frozenset((9, 10, 13, 32))
_LIGATURES = range(0xFB00, 0xFB07)
# Forms of Arabic letters, and letters of formulas.
_PRESENTED = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFF), range(0x1D400, 0x1D800))
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_BOLD = 1000
_INVISIBLE = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line drawn from left to right."""

    x0: float
    x1: float
    y: float


def glyphs_of(text: Any, names: Mapping[int, str], page: int) -> list[Glyph]:
    """Give the letters of a page in the order of the file, upright as most of them are printed.

    Letters that run another way, as in a margin or a watermark, are left out. ``names`` are
    letters of codes that PDFium has no letter for.
    """
    styles: dict[int, Style] = {}
    glyphs: list[Glyph] = []
    box, x, y = pdf.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    space, typed = True, True
    for i, code in _codes(text):
        owner = pdf.FPDFText_GetTextObject(text, i)
        char = chr(code)
        if not owner or code in _BLANK or (code >= 0x80 and char.isspace()):
            space, typed = True, typed or bool(owner)
            continue
        char = _letters(text, i, code, names)
        if not char:
            continue
        address = ctypes.addressof(owner.contents)
        style = styles.get(address)
        if style is None:
            style = styles[address] = _style(owner, text, i, page)
        pdf.FPDFText_GetLooseCharBox(text, i, box)
        pdf.FPDFText_GetCharOrigin(text, i, x, y)
        x0, x1, base = _upright(box, x.value, y.value, style.turns)
        if style.turns == 0 and (char in _MARKING or char.isdecimal()):
            style, base = _superior(text, i, style, base)
        if math.isfinite(x0) and math.isfinite(x1) and math.isfinite(base):
            glyphs.append(Glyph(char, x0, x1, base, style, space, typed and space))
            space = typed = False
    _turn_ligatures(glyphs)
    ways = Counter(glyph.style.turns for glyph in glyphs)
    usual = ways.most_common(1)[0][0] if ways else 0
    return [glyph for glyph in glyphs if glyph.style.turns == usual]


def _turn_ligatures(glyphs: Sequence[Glyph]) -> None:
    """PDFium turns right-to-left text letter by letter, the letters of a ligature too."""
    for a, b in pairwise(glyphs):
        if a.text > "\u0590" and (a.x0, a.x1, a.y) == (b.x0, b.x1, b.y):
            a.text, b.text = b.text, a.text


def _codes(text: Any) -> Iterator[tuple[int, int]]:
    """Give place and code point of each letter; PDFium gives halves of those beyond U+FFFF."""
    half: int | None = None
    for i in range(min(pdf.FPDFText_CountChars(text), MAX_CHARS)):
        code = pdf.FPDFText_GetUnicode(text, i)
        if code in _HIGH:
            half = code
            continue
        if code in _LOW and half is not None:
            code = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00)
        half = None
        yield i, 0xFFFD if code >= 0x110000 or code in _LOW else code


def _letters(text: Any, i: int, code: int, names: Mapping[int, str]) -> str:
    """Give what a code stands for; nothing for marks that are not printed."""
    char = chr(code)
    if code in names and pdf.FPDFText_HasUnicodeMapError(text, i) == 1:
        return names[code]
    if code == _LINE_END:
        return "-"
    if char in _HYPHENS:
        return "\xad"
    if code in _LIGATURES or any(code in forms for forms in _PRESENTED):
        return normalize("NFKC", char)
    if code > 0x7F and unicodedata.category(char) == "Cf":
        return ""
    return char


def _superior(text: Any, i: int, style: Style, base: float) -> tuple[Style, float]:
    """See through fonts whose raised figures stand on the line in name only."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdf.FPDFText_GetCharBox(text, i, left, right, bottom, top)
    if not found or not bottom.value - base > 0.2 * style.size:
        return style, base
    raised = Style(0.6 * style.size, style.weight, style.turns, style.font, style.hidden)
    return raised, min(bottom.value, base + 0.12 * style.size)


def _upright(box: Any, x: float, y: float, turns: int) -> tuple[float, float, float]:
    """Give left, right and baseline of a letter after so many quarter turns are taken back."""
    if turns == 1:
        return box.bottom, box.top, -x
    if turns == 2:
        return -box.right, -box.left, -y
    if turns == 3:
        return -box.top, -box.bottom, x
    return box.left, box.right, y


def _style(owner: Any, text: Any, i: int, page: int) -> Style:
    matrix = pdf.FS_MATRIX()
    pdf.FPDFText_GetMatrix(text, i, matrix)
    size = abs(pdf.FPDFText_GetFontSize(text, i)) * (math.hypot(matrix.c, matrix.d) or 1.0)
    turns = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
    font = pdf.FPDFTextObj_GetFont(owner)
    buffer = ctypes.create_string_buffer(128)
    length = pdf.FPDFFont_GetBaseFontName(font, buffer, 128) if font else 0
    name = buffer.raw[: max(0, min(length, 128) - 1)].lower()
    bold = b"bold" in name or b"black" in name or b"heavy" in name
    # Type 3 fonts have no name; those of another page may be other ones.
    known = name.decode("latin-1") or f"{page}:{ctypes.addressof(font.contents) if font else 0}"
    return Style(
        min(max(size, 0.5), 500.0),
        _BOLD if bold else pdf.FPDFText_GetFontWeight(text, i),
        turns,
        known,
        pdf.FPDFTextObj_GetTextRenderMode(owner) == _INVISIBLE,
    )


def rules_of(page: Any) -> list[Rule]:
    """Find the thin lines on a page, as the one above footnotes is."""
    rules: list[Rule] = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    count = pdf.FPDFPage_CountObjects(page)
    for i in range(count if count <= _MAX_OBJECTS else 0):
        item = pdf.FPDFPage_GetObject(page, i)
        if pdf.FPDFPageObj_GetType(item) != pdf.FPDF_PAGEOBJ_PATH:
            continue
        if not pdf.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            continue
        if top.value - bottom.value < 3 and right.value - left.value > 20:
            rules.append(Rule(left.value, right.value, (top.value + bottom.value) / 2))
    return rules
