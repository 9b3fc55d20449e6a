"""Bytes to text where a format leaves the encoding open: UTF-8, UTF-16, Windows-1254, ISO-8859-9.

Owns: the decision, and refusing to guess. The two Turkish code pages differ only where
ISO-8859-9 has no printable character, so Windows-1254 reads both.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from dipnot.errors import CorpusError, shown
from dipnot.language.detection import language_scores
from dipnot.language.folding import fold

_TURKISH = "cp1254"
_WESTERN = "cp1252"
_OLDER = ("cp857", "mac_turkish")  # of DOS and of old Macs
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_ONLY_TURKISH = re.compile("[ğışĞİŞ]")  # where the two code pages differ
_EXPECTED = re.compile("[çğıöşüÇĞİÖŞÜâîûÂÎÛáàäãåæéèêëíìïñóòôõøúùßÁÀÄÃÅÆÉÈÊËÍÌÏÑÓÒÔÕØÚÙÿ]")
_WESTERN_ONLY = re.compile("[ðþýÐÞÝ]")
_AS_TURKISH = str.maketrans("ðþýÐÞÝ", "ğşıĞŞİ")
_TWICE = re.compile("[ÃÄÅ][\x80-\xbf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_ADVICE = "Save the file as UTF-8."


def decode(name: str, data: bytes, declared: str | None = None) -> str:
    """Decode the bytes of a file; ``declared`` is what the file itself says.

    Raises CorpusError, naming the file and the byte, where the encoding cannot be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(name, data[len(mark) :], encoding)
    wide = _wide(data)
    if wide is not None:
        return _strict(name, data, wide)
    if b"\x00" in data:
        raise CorpusError(
            f"{shown(name)}: holds NUL characters, so it is no text file. Save it as UTF-8 text."
        )
    try:
        return mended(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        at = error.start
    known = _declared(declared)
    if known is not None and known != "utf-8":
        return _as_declared(name, data, known)
    high, whole = len(_HIGH.findall(data)), sum(map(len, _SEQUENCE.findall(data)))
    if whole > high // 2 or declared is not None:
        raise CorpusError(f"{shown(name)}: byte {at:,} is not UTF-8. {_ADVICE}")
    return _turkish(name, data, at)


def mended(text: str) -> str:
    """Put right Turkish that was read in a Western code page before it was saved.

    `deðirmen` is `değirmen` in the bytes of another code page, `deÄŸirmen` in those of UTF-8.
    """
    if len(_TWICE.findall(text)) > 2:
        text = _read_once(text)
    western = _WESTERN_ONLY.findall(text)
    if len(western) < 3 or _ONLY_TURKISH.search(text):
        return text
    turkish = text.translate(_AS_TURKISH)
    return turkish if _reads_turkish(turkish) else text


def _read_once(text: str) -> str:
    """Undo reading UTF-8 as Windows-1252, if all of the text can be undone."""
    raw = bytearray()
    for char in text:
        try:
            raw += char.encode(_WESTERN)
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return text
            raw.append(ord(char))  # what the code page leaves open
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return text


def _strict(name: str, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        label = encoding.upper()[:6].rstrip("-")
        raise CorpusError(
            f"{shown(name)}: byte {error.start:,} is not {label}. {_ADVICE}"
        ) from None
    if "\x00" in text:
        raise CorpusError(
            f"{shown(name)}: holds NUL characters, so it is no text file. Save it as UTF-8 text."
        )
    return text


def _wide(data: bytes) -> str | None:
    """Recognise UTF-16 without its mark: every other byte of Latin letters and spaces is 0."""
    sample = data[: 1 << 16]
    sample = sample[: len(sample) & ~1]
    if len(data) % 2 or not sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even == 0:
        return "utf-16-le"
    if even > 0.4 * half and odd == 0:
        return "utf-16-be"
    return None


def _declared(label: str | None) -> str | None:
    """Give Python's name for a declared encoding, as browsers read it; None for none known."""
    if label is None:
        return None
    try:
        known = codecs.lookup(label.strip().lower()).name
    except (LookupError, ValueError):
        return None
    try:
        "a".encode(known)  # refuses `hex` and the like, which are no text encodings
    except (LookupError, ValueError):
        return None
    return {"iso8859-9": _TURKISH, "iso8859-1": _WESTERN, "ascii": _WESTERN}.get(known, known)


def _as_declared(name: str, data: bytes, known: str) -> str:
    """Decode as the file says, except where Turkish letters show that it errs.

    Turkish pages often call themselves ISO-8859-1: `Þark` is `Şark` there.
    """
    text = _strict(name, data, known) if known != _TURKISH else _code_page(name, data, known)
    if known == _WESTERN:
        turkish = data.decode(_TURKISH, errors="replace")
        if _ONLY_TURKISH.search(turkish) and _reads_turkish(turkish):
            return _code_page(name, data, _TURKISH)
    return text


def _code_page(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{shown(name)}: byte {error.start:,} is neither UTF-8 nor Windows-1254. {_ADVICE}"
        ) from None


def _turkish(name: str, data: bytes, at: int) -> str:
    """Decode as Windows-1254, or in an older code page, if what comes out can be read."""
    with suppress(UnicodeDecodeError):
        text = data.decode(_TURKISH)
        if _makes_sense(text):
            return text
    decoded = (data.decode(encoding, errors="replace") for encoding in _OLDER)
    older = [text for text in decoded if "\ufffd" not in text and _makes_sense(text)]
    best = max(older, key=lambda text: language_scores(fold(text[: 1 << 16]))[0], default="")
    if _ONLY_TURKISH.search(best):
        return best
    _code_page(name, data, _TURKISH)
    raise CorpusError(
        f"{shown(name)}: byte {at:,} is not UTF-8, and as Windows-1254 or ISO-8859-9 the text "
        f"makes no sense. {_ADVICE}"
    )


def _makes_sense(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    foreign = [c for c in letters if c > "\x7f"]
    unexpected = sum(not _EXPECTED.match(c) for c in foreign)
    return not (
        _CONTROL.search(text)
        or unexpected > 0.02 * len(letters)
        or len(foreign) > 0.35 * len(letters)
        or (_ONLY_TURKISH.search(text) and not _reads_turkish(text))
    )


def _reads_turkish(text: str) -> bool:
    """Tell by words and endings: the letters themselves are what is in doubt.

    Only the lines that have such letters count: a Turkish text may have an English summary.
    """
    lines = "\n".join(line for line in text.split("\n") if _ONLY_TURKISH.search(line))
    turkish, english = language_scores(fold(lines[: 1 << 16]))
    return turkish > english
