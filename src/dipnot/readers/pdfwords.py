"""The words of a PDF: what is printed, where on which page, how large; page labels, bookmarks.

Owns: talking to PDFium, the only module that does. Knows nothing of lines or columns.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from dipnot.errors import CorpusError, shown

MAX_PAGES = 2000
MAX_CHARS = 100_000  # of a page; a full newspaper page has 40,000
MAX_TEXT = 30_000_000
_PASSWORD = 4  # PDFium's error code
_HYPHENS = frozenset("\x02\ufffe\xad")
_LIGATURES = range(0xFB00, 0xFB07)
_BOLD = 1000
# Old TeX fonts print an accent beside its letter.
_ACCENTS = dict(
    zip(
        "¨˘¸˙ˆ´ˇ˜˚",
        "\u0308\u0306\u0327\u0307\u0302\u0301\u030c\u0303\u030a",
        strict=True,
    )
)


@dataclass(slots=True)
class Word:
    """Letters of one size without a space; ``y`` is the baseline, ``space``: one stands before."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    weight: int
    space: bool
    bold: bool = False
    order: int = 0  # in the file


@dataclass(slots=True)
class Sheet:
    """One page of words in the order of the file."""

    label: str | None
    words: list[Word] = field(default_factory=list)


@dataclass(slots=True)
class Printed:
    """A whole file; ``outline`` holds title, level from 0 and page index of each bookmark."""

    sheets: list[Sheet]
    outline: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    weight: int
    turns: int


@dataclass(slots=True)
class _Glyph:
    text: str
    x0: float
    x1: float
    y: float
    style: _Style
    space: bool


def read_words(name: str, data: bytes) -> Printed:
    """Take the words out of a PDF. Raises CorpusError naming the file."""
    try:
        with pdfium.PdfDocument(data) as document:
            return _read(name, document)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise CorpusError(
                f"{shown(name)} is encrypted: it opens with a password only. Save a copy without."
            ) from None
        raise CorpusError(
            f"{shown(name)} cannot be read as a PDF ({str(error).rstrip('.')}). Get a whole copy, "
            "or open it in a viewer and print it to a new PDF."
        ) from None


def _read(name: str, document: Any) -> Printed:
    count = len(document)
    if count > MAX_PAGES:
        raise CorpusError(
            f"{shown(name)} has {count:,} pages; at most {MAX_PAGES:,} are read. Split the file."
        )
    sheets: list[Sheet] = []
    letters = 0
    for index in range(count):
        sheets.append(_sheet(document, index))
        letters += sum(len(word.text) for word in sheets[-1].words)
        if letters > MAX_TEXT:
            raise CorpusError(
                f"{shown(name)} holds more than {MAX_TEXT:,} letters. Split the file."
            )
    if not letters:
        raise CorpusError(
            f"{shown(name)} holds {count:,} page{'s' * (count != 1)} and no text: it is probably a "
            "scan. Give it a text layer first, with `ocrmypdf -l tur+eng` for instance."
        )
    _mark_bold(sheets)
    return Printed(sheets, list(_outline(document, count)))


def _outline(document: Any, count: int) -> Iterator[tuple[str, int, int]]:
    for number, bookmark in enumerate(document.get_toc(max_depth=6)):
        if number >= 10_000:
            return
        destination = bookmark.get_dest()
        page = destination.get_index() if destination else None
        if page is not None and 0 <= page < count:
            yield bookmark.get_title() or "", bookmark.level, page


def _sheet(document: Any, index: int) -> Sheet:
    """Read a page; one that PDFium cannot open is a page without text."""
    label = document.get_page_label(index) or None
    try:
        page = document[index]
    except pdfium.PdfiumError:
        return Sheet(label)
    sheet = Sheet(label)
    try:
        text = page.get_textpage()
        try:
            sheet.words = list(_words(_glyphs(text)))
            for order, word in enumerate(sheet.words):
                word.order = order
        finally:
            text.close()
    except pdfium.PdfiumError:
        return sheet
    finally:
        page.close()
    return sheet


def _glyphs(text: Any) -> list[_Glyph]:
    """Give the letters of a page in the order of the file, upright as most of them are printed.

    Letters that run another way, as in a margin or a watermark, are left out.
    """
    styles: dict[int, _Style] = {}
    glyphs: list[_Glyph] = []
    box, x, y = pdf.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    space = True
    for i in range(min(pdf.FPDFText_CountChars(text), MAX_CHARS)):
        code = pdf.FPDFText_GetUnicode(text, i)
        char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        owner = pdf.FPDFText_GetTextObject(text, i)
        if not owner or char.isspace():
            space = True
            continue
        if char in _HYPHENS:
            char = "\xad"
        elif unicodedata.category(char) == "Cc":
            continue
        elif code in _LIGATURES:
            char = normalize("NFKC", char)
        address = ctypes.addressof(owner.contents)
        style = styles.get(address)
        if style is None:
            style = styles[address] = _style(owner, text, i)
        pdf.FPDFText_GetLooseCharBox(text, i, box)
        pdf.FPDFText_GetCharOrigin(text, i, x, y)
        x0, x1, base = _upright(box, x.value, y.value, style.turns)
        if style.turns == 0 and (char.isdecimal() or char == "*"):
            style, base = _superior(text, i, style, base)
        if math.isfinite(x0) and math.isfinite(x1) and math.isfinite(base):
            glyphs.append(_Glyph(char, x0, x1, base, style, space))
            space = False
    ways = Counter(glyph.style.turns for glyph in glyphs)
    usual = ways.most_common(1)[0][0] if ways else 0
    return [glyph for glyph in glyphs if glyph.style.turns == usual]


def _superior(text: Any, i: int, style: _Style, base: float) -> tuple[_Style, float]:
    """See through fonts whose raised figures stand on the line in name only."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdf.FPDFText_GetCharBox(text, i, left, right, bottom, top)
    if not found or not bottom.value - base > 0.2 * style.size:
        return style, base
    return _Style(0.6 * style.size, style.weight, style.turns), bottom.value


def _upright(box: Any, x: float, y: float, turns: int) -> tuple[float, float, float]:
    """Give left, right and baseline of a letter after so many quarter turns are taken back."""
    if turns == 1:
        return box.bottom, box.top, -x
    if turns == 2:
        return -box.right, -box.left, -y
    if turns == 3:
        return -box.top, -box.bottom, x
    return box.left, box.right, y


def _style(owner: Any, text: Any, i: int) -> _Style:
    matrix = pdf.FS_MATRIX()
    pdf.FPDFText_GetMatrix(text, i, matrix)
    size = abs(pdf.FPDFText_GetFontSize(text, i)) * (math.hypot(matrix.c, matrix.d) or 1.0)
    turns = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
    font = pdf.FPDFTextObj_GetFont(owner)
    buffer = ctypes.create_string_buffer(128)
    length = pdf.FPDFFont_GetBaseFontName(font, buffer, 128) if font else 0
    name = buffer.raw[: max(0, min(length, 128) - 1)].lower()
    bold = b"bold" in name or b"black" in name or b"heavy" in name
    return _Style(
        min(max(size, 0.5), 500.0), _BOLD if bold else pdf.FPDFText_GetFontWeight(text, i), turns
    )


def _words(glyphs: Sequence[_Glyph]) -> Iterator[Word]:
    """Put letters together until a space, a jump or another size."""
    word: Word | None = None
    accent = ""
    for i, glyph in enumerate(glyphs):
        style, text = glyph.style, glyph.text
        if text in _ACCENTS:
            following = glyphs[i + 1] if i + 1 < len(glyphs) else None
            if following and _over(glyph, following.x0, following.x1):
                accent, following.space = text, glyph.space
                continue
            if word and not glyph.space and _over(glyph, word.x1 - 0.5 * word.size, word.x1):
                word.text += _ACCENTS[text]
                continue
        if accent:
            text = ("i" if text == "ı" and accent != "˙" else text) + _ACCENTS[accent]
            accent = ""
        new = Word(text, glyph.x0, glyph.x1, glyph.y, style.size, style.weight, glyph.space)
        if word is not None and _goes_on(word, new):
            word.text += text
            word.x1 = max(word.x1, new.x1)
            continue
        if word is not None:
            yield _finished(word)
            new.space = new.space or not _touches(word, new)
        word = new
    if word is not None:
        yield _finished(word)


def _goes_on(word: Word, new: Word) -> bool:
    return (
        not new.space
        and abs(new.size - word.size) <= 0.05 * word.size
        and abs(new.y - word.y) <= 0.08 * word.size
        and _touches(word, new)
    )


def _touches(word: Word, new: Word) -> bool:
    size = max(word.size, new.size)
    return word.x0 - 0.1 * size <= new.x0 <= word.x1 + 0.2 * size


def _over(accent: _Glyph, x0: float, x1: float) -> bool:
    return x0 - 0.5 <= (accent.x0 + accent.x1) / 2 <= x1 + 0.5


def _finished(word: Word) -> Word:
    """Compose what the file decomposed; a soft hyphen counts at the end only."""
    soft = word.text.endswith("\xad")
    word.text = normalize("NFC", word.text.replace("\xad", "")) + "-" * soft
    return word


def _mark_bold(sheets: Sequence[Sheet]) -> None:
    weights: Counter[int] = Counter()
    for sheet in sheets:
        for word in sheet.words:
            weights[word.weight] += len(word.text)
    usual = weights.most_common(1)[0][0] if weights else 0
    for sheet in sheets:
        for word in sheet.words:
            word.bold = word.weight > usual + 150
