"""Fonts without a Unicode map: what their codes stand for, and whether that can be known.

Owns: the code pages that old programs set Turkish in, names of ligatures, and giving up. The
letters' own statistics decide; where nothing makes words of a font, its text is not text.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from dipnot.formats.letterstats import Likeness, likeness
from dipnot.formats.pdf.letters import Word
from dipnot.formats.pdf.rows import rows_of

_PAIRS = 150  # of letters; fewer tell nothing
_READABLE = 0.5
_CODES = 0.1  # of the letters
_TURKISH = 0.66
_UNKNOWN = "\ufffd"
_OWN = re.compile("[ğşıİŞĞ]")

# Windows-1254 read as Windows-1252.
_WESTERN = str.maketrans("ðþýÐÞÝ", "ğşıĞŞİ")
# Mac OS Turkish read as Mac OS Roman, in the two ways that its sign at 0xDB is known.
_MAC = str.maketrans("⁄€¤‹›ﬁﬂ", "Ğğğİışş") | {ord("ﬁ"): "Ş"}
# TeX's T1 (Cork) read as Latin-1; the lower half has quotes, ligatures and `ı`.
_CORK = (
    dict(enumerate("ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£", 0x80))
    | dict(zip(range(0x10, 0x17), "“”„«»–—", strict=True))
    | {0x19: "ı", 0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl"}
    | {0xD7: "Œ", 0xDF: "SS", 0xF7: "œ", 0xFF: "ß"}
)
# Python's name for what PDFium gives at 0x80 to 0x9F, if it took the codes for Windows-1252.
_CORK_WINDOWS = {
    ord(bytes([code]).decode("cp1252")): _CORK[code]
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_OLD_TEX = {0x0B: "ff", 0x0C: "fi", 0x0E: "ffi", 0x0F: "ffl", 0x10: "ı"}
_TABLES: tuple[dict[int, str], ...] = (
    {code: str(chr(to) if isinstance(to, int) else to) for code, to in _WESTERN.items()},
    _CORK | _CORK_WINDOWS,
    {code: str(chr(to) if isinstance(to, int) else to) for code, to in _MAC.items()},
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def mend_codes(words: Sequence[Word]) -> None:
    """Put the right letters into words of fonts whose codes mean others; blot out what is lost."""
    for font in _by_font(words).values():
        texts = [word.text for word in font]
        table = _table(texts)
        if table or _CONTROL.search("".join(texts)):
            lost = not table and _are_codes("".join(texts))
            for word in font:
                known = _CONTROL.sub("", word.text.translate(table or _OLD_TEX))
                word.text = _UNKNOWN if lost else known
        for word in font:  # until here a ligature may be a letter of another code page
            if not word.text.isascii() and _LIGATURE.search(word.text):
                word.text = _LIGATURE.sub(lambda match: normalize("NFKC", match[0]), word.text)
        if _is_unlike([word.text for word in font]):
            for word in font:
                word.text = _UNKNOWN


def _is_unlike(texts: Sequence[str]) -> bool:
    """Tell letters that make no words; a word that comes again and again tells no more than once.

    The fewer pairs of letters there are, the more unlike they have to be: `BOA, DH.ŞFR` is well.
    """
    once = likeness(list(dict.fromkeys(texts)))
    doubted = likeness(texts).pairs >= _PAIRS
    return doubted and once.either < _READABLE * min(1.0, once.pairs / _PAIRS)


def _are_codes(text: str) -> bool:
    """Tell numbers of glyphs from letters: of an old font only ligatures and `ı` stand so low."""
    strange = sum(ord(char) not in _OLD_TEX for char in _CONTROL.findall(text))
    return strange > _CODES * len(text)


def drop_unreadable(words: Sequence[Word]) -> tuple[list[Word], float]:
    """Leave out rows that cannot be read; tell which share of the words cannot."""
    words = [word for word in words if word.text]  # some held nothing but control codes
    lost = sum(word.text == _UNKNOWN for word in words)
    if not lost:
        return words, 0.0
    rows = [row.words for row in rows_of(words)]
    kept = [row for row in rows if sum(w.text == _UNKNOWN for w in row) <= 0.7 * len(row)]
    left = {id(word) for row in kept for word in row}
    return [word for word in words if id(word) in left], lost / len(words)


def _by_font(words: Sequence[Word]) -> dict[str, list[Word]]:
    fonts: defaultdict[str, list[Word]] = defaultdict(list)
    for word in words:
        fonts[word.font].append(word)
    return fonts


def _table(texts: Sequence[str]) -> dict[int, str] | None:
    """Find the table that makes Turkish of the words; None where they are well as they are."""
    whole = "".join(texts)
    if whole.isascii() and not _CONTROL.search(whole):
        return None
    if _OWN.search(whole):
        return None
    before = likeness(texts)
    best: tuple[float, dict[int, str]] | None = None
    for table in _TABLES:
        if ord("\ufb01") in table and "›" not in whole:
            continue  # ligatures alone are ligatures: no Turkish does without `ı`
        after = likeness([text.translate(table) for text in texts])
        if _is_better(before, after) and (best is None or after.turkish > best[0]):
            best = after.turkish, table
    return best[1] if best else None


def _is_better(before: Likeness, after: Likeness) -> bool:
    return after.turkish >= _TURKISH and after.turkish > before.turkish + 0.02


# --- names of glyphs ---------------------------------------------------------------------------

_DIFFERENCES = re.compile(rb"/Differences\s*\[([^\]]*)\]")
_STREAM = re.compile(rb"/Type\s*/ObjStm.{0,400}?stream\r?\n", re.DOTALL)
_MOST = 32 * 1024 * 1024  # bytes unpacked in search of them
_TOKEN = re.compile(rb"/([^\s/\[\]]+)|(\d+)")
_HEX = re.compile(r"uni(?:[0-9A-CEF][0-9A-F]{3}|D[0-7][0-9A-F]{2})+")
_PARTS = {"ff": "ff", "fi": "fi", "fl": "fl", "dotlessi": "ı", "gbreve": "ğ", "scedilla": "ş"}


def joined_names(data: bytes) -> dict[int, str]:
    """Give codes of glyphs that are named by their parts, as `f_f_i` is, and no other way."""
    found: dict[int, set[str]] = {}
    for part in (data, *_unpacked(data)):
        for array in _DIFFERENCES.findall(part):
            if b"_" in array or b"/uni" in array:
                for code, letters in _names(array):
                    found.setdefault(code, set()).add(letters)
    return {code: letters.pop() for code, letters in found.items() if len(letters) == 1}


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Unpack the streams of a file that hold objects."""
    left = _MOST
    for match in _STREAM.finditer(data):
        if left <= 0:
            return
        try:
            part = zlib.decompressobj().decompress(data[match.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        yield part


def _names(array: bytes) -> Iterator[tuple[int, str]]:
    code = 0
    for name, number in _TOKEN.findall(array):
        if number:
            code = int(number)
            continue
        stem = name.decode("latin-1").partition(".")[0]  # `f_f_l.alt` looks otherwise, no more
        letters = [_part(part) for part in stem.split("_")]
        if all(letters) and len("".join(letters)) > 1:
            yield code, "".join(letters)
        code += 1


def _part(name: str) -> str:
    """Give the letters of a part of a glyph's name; nothing where it names none."""
    if len(name) == 1 and name.isalpha():
        return name
    if _HEX.fullmatch(name):
        return "".join(chr(int(name[i : i + 4], 16)) for i in range(3, len(name), 4))
    return _PARTS.get(name, "")
