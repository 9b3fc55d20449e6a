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

from dipnot.formats.pdf.letters import Glyph, Style

MAX_CHARS = 100_000  # of a page; a full newspaper page has 40,000
_MAX_OBJECTS = 20_000  # of a page, looked through for rules
_SOFT_HYPHEN = 0xAD
_SEEN = 0.1  # sizes: what is narrower stands for no sign
_HYPHENS = frozenset("\ufffe\xad")
_MARKING = frozenset("*()[]†‡§")  # signs of notes, beside figures
_LETTERS = frozenset("abcdefivx")
_NEVER_RAISED = frozenset("ghjklmnopqrstuwyzçğışöüABCDEFGHIJKLMNOPQRSTUVWXYZÇĞİÖŞÜ.,;:'")
_SECOND = {"i": "\ufb01", "l": "\ufb02"}  # letters of ligatures; what they are is told in `codes`
_STOPS = frozenset(" .,;:!?…)]”’»ivx")
_CJK = 0x2E80
_LINE_END = 2  # PDFium's name for a printed hyphen that it takes for the end of a line
_BLANK = frozenset((9, 10, 13, 32))
# Forms of Arabic letters, and letters of formulas.
_PRESENTED = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFF), range(0x1D400, 0x1D800))
_ASKED = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF))  # stands for what has another code
_SELECTORS = range(0xFE00, 0xFE10)  # how the letter before is drawn
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_BOLD = 1000
_INVISIBLE = 3
_ASLANT = 1 / 6  # of a quarter turn, 15°: no scan lies so, watermarks do
_NO_WAY = -1


# The same functions, with plain addresses for what is asked of them a thousand times a page.
_object_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdf.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
_unicode_of = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdf.FPDFText_GetUnicode, ctypes.c_void_p).value or 0
)
_font_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(
    ctypes.cast(pdf.FPDFTextObj_GetFont, ctypes.c_void_p).value or 0
)
_mode_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdf.FPDFTextObj_GetTextRenderMode, ctypes.c_void_p).value or 0
)
_matrix_of = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(pdf.FS_MATRIX)
)(ctypes.cast(pdf.FPDFText_GetMatrix, ctypes.c_void_p).value or 0)
_size_of = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdf.FPDFText_GetFontSize, ctypes.c_void_p).value or 0
)
_loose_box = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(pdf.FS_RECTF)
)(ctypes.cast(pdf.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0)


Bounds = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line drawn from left to right."""

    x0: float
    x1: float
    y: float


def glyphs_of(
    text: Any, names: Mapping[int, str], page: int, shown: Bounds | None = None
) -> list[Glyph]:
    """Give the letters of a page in the order of the file, upright as most of them are printed.

    Letters that run another way, as in a margin or a watermark, are left out. ``names`` are
    letters of codes that PDFium has no letter for; what lies off the part ``shown`` is left out.
    """
    glyphs = list(_PageReader(text, names, page, shown).glyphs())
    if any(glyph.text > "\u0590" for glyph in glyphs):
        _turn_ligatures(glyphs)
    ways = Counter(glyph.style.turns for glyph in glyphs)
    usual = ways.most_common(1)[0][0] if ways else 0
    return [glyph for glyph in glyphs if glyph.style.turns == usual]


class _PageReader:
    """The letters of one page; asks PDFium as little as it can, for pages have thousands."""

    def __init__(
        self, text: Any, names: Mapping[int, str], page: int, shown: Bounds | None
    ) -> None:
        self._text = text.raw
        self._address = ctypes.cast(self._text, ctypes.c_void_p).value or 0
        self._names = names
        self._page = page
        self._shown = shown
        self._styles: dict[int, tuple[Style, float | None]] = {}
        self._fonts: dict[int, tuple[str, int]] = {}
        self._box, self._matrix = pdf.FS_RECTF(), pdf.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._ink = tuple(ctypes.c_double() for _ in range(4))  # left, right, bottom, top

    def glyphs(self) -> Iterator[Glyph]:
        text, box, before = self._text, self._box, " "
        page = self._address
        space = typed = True
        last = 0
        drawn: Glyph | None = None
        for i, code in _codes(text):
            address = _object_of(page, i)
            if not address or code in _BLANK or (code >= 0x80 and chr(code).isspace()):
                space, typed, before = True, typed or bool(address), " "
                continue
            plain = 0x20 < code < 0x7F and not self._names
            char = chr(code) if plain else _letters(text, i, code, self._names)
            if not char:
                continue
            style, base = self._styles.get(address) or self._new_style(address, i, code)
            if address != last:
                last, before = address, " "
            _loose_box(page, i, ctypes.byref(box))
            if self._shown and not _is_within(box, self._shown):
                continue
            x0, x1 = box.left, box.right
            if base is None:
                pdf.FPDFText_GetCharOrigin(text, i, self._x, self._y)
                x0, x1, base = _upright(box, self._x.value, self._y.value, style.turns)
            if code == _SOFT_HYPHEN and abs(x1 - x0) > _SEEN * style.size:
                char = "-"  # it takes its room, so it is printed
            if char not in _NEVER_RAISED and _may_be_raised(char, before):
                style, base = self._superior(i, style, base)
            before = char
            if char in _SECOND and drawn and drawn.text == "f" and (x0, x1) == (drawn.x0, drawn.x1):
                drawn.text = _SECOND[char]  # one sign, which PDFium gives as two letters
            elif math.isfinite(x0 + x1 + base):
                drawn = Glyph(char, x0, x1, base, style, space, typed and space)
                yield drawn
                space = typed = False

    def _superior(self, i: int, style: Style, base: float) -> tuple[Style, float]:
        """See through fonts whose raised figures stand on the line in name only."""
        found = pdf.FPDFText_GetCharBox(self._text, i, *self._ink)
        bottom = self._ink[2].value
        if not found or not bottom - base > 0.2 * style.size:
            return style, base
        raised = Style(0.6 * style.size, style.weight, style.turns, style.font, style.hidden)
        return raised, min(bottom, base + 0.12 * style.size)

    def _new_style(self, address: int, i: int, code: int) -> tuple[Style, float | None]:
        """Ask how a piece of text is set; upright, all of it stands on one line."""
        matrix = self._matrix
        _matrix_of(self._address, i, ctypes.byref(matrix))
        size = abs(_size_of(self._address, i))
        size *= math.hypot(matrix.c, matrix.d) or 1.0
        quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        aslant = abs(quarters - round(quarters)) > _ASLANT
        turns = _NO_WAY if aslant else round(quarters) % 4
        name, weight = self._font(_font_of(address) or 0, i)
        hidden = _mode_of(address) == _INVISIBLE
        style = Style(min(max(size, 0.5), 500.0), weight, turns, name, hidden)
        base: float | None = None
        straight = turns == 0 and abs(matrix.b) < 1e-6
        if straight and code < _CJK:  # which may run down
            pdf.FPDFText_GetCharOrigin(self._text, i, self._x, self._y)
            base = self._y.value
        self._styles[address] = style, base
        return style, base

    def _font(self, address: int, i: int) -> tuple[str, int]:
        """Ask once how a font is called and how heavy it is: a letter may be a piece by itself."""
        if address not in self._fonts:
            buffer = ctypes.create_string_buffer(128)
            font = ctypes.cast(address, pdf.FPDF_FONT)
            length = pdf.FPDFFont_GetBaseFontName(font, buffer, 128) if address else 0
            name = buffer.raw[: max(0, min(length, 128) - 1)].lower()
            bold = b"bold" in name or b"black" in name or b"heavy" in name
            weight = _BOLD if bold else pdf.FPDFText_GetFontWeight(self._text, i)
            # Type 3 fonts have no name; those of another page may be other ones.
            self._fonts[address] = name.decode("latin-1") or f"{self._page}:{address}", weight
        return self._fonts[address]


def _is_within(box: Any, shown: Bounds) -> bool:
    """Tell whether the middle of a letter lies inside."""
    left, bottom, right, top = shown
    return bool(left <= (box.left + box.right) / 2 <= right) and bool(
        bottom <= (box.bottom + box.top) / 2 <= top
    )


def _may_be_raised(char: str, before: str) -> bool:
    """Tell figures and signs, and letters behind a stop, as those of notes are."""
    return char in _MARKING or char.isdecimal() or (char in _LETTERS and before in _STOPS)


def _turn_ligatures(glyphs: Sequence[Glyph]) -> None:
    """PDFium turns right-to-left text letter by letter, the letters of a ligature too."""
    for a, b in pairwise(glyphs):
        if a.text > "\u0590" and (a.x0, a.x1, a.y) == (b.x0, b.x1, b.y):
            a.text, b.text = b.text, a.text


def _codes(text: Any) -> Iterator[tuple[int, int]]:
    """Give place and code point of each letter; PDFium gives halves of those beyond U+FFFF."""
    half: int | None = None
    for i, unit in enumerate(_units(text)):
        if unit in _HIGH:
            half = unit
        elif unit in _LOW and half is not None:
            yield i, 0x10000 + ((half - 0xD800) << 10) + (unit - 0xDC00)
            half = None
        else:
            half = None
            yield i, 0xFFFD if unit >= 0x110000 or unit in _LOW else unit


def _units(text: Any) -> Sequence[int]:
    """Ask for all letters of a page at once, and one by one for those that are told otherwise."""
    count = min(pdf.FPDFText_CountChars(text), MAX_CHARS)
    buffer = (ctypes.c_ushort * (count + 1))()
    address = ctypes.cast(text, ctypes.c_void_p).value or 0
    if pdf.FPDFText_GetText(text, 0, count, buffer) != count + 1:
        return [_unicode_of(address, i) for i in range(count)]
    units = buffer[:count]
    return [_unicode_of(address, i) if u in _ASKED else u for i, u in enumerate(units)]


def _letters(text: Any, i: int, code: int, names: Mapping[int, str]) -> str:
    """Give what a code stands for; nothing for marks that are not printed."""
    char = chr(code)
    if code in names and pdf.FPDFText_HasUnicodeMapError(text, i) == 1:
        return names[code]
    if code == _LINE_END:
        return "-"
    if char in _HYPHENS:
        return "\xad"
    if any(code in forms for forms in _PRESENTED):
        return normalize("NFKC", char)
    if code > 0x7F and (unicodedata.category(char) == "Cf" or code in _SELECTORS):
        return ""
    return char


def _upright(box: Any, x: float, y: float, turns: int) -> tuple[float, float, float]:
    """Give left, right and baseline of a letter after so many quarter turns are taken back."""
    if turns == 1:
        return box.bottom, box.top, -x
    if turns == 2:
        return -box.right, -box.left, -y
    if turns == 3:
        return -box.top, -box.bottom, x
    return box.left, box.right, y


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
