"""One file format each: bytes to pages of lines.

Owns: which formats can be read, and which are read apart. Knows nothing of paragraphs or offsets.
"""

from __future__ import annotations

from pathlib import Path

from dipnot.errors import CorpusError, shown
from dipnot.formats import txt
from dipnot.formats.confined import Reader, read_confined
from dipnot.types import SourcePage

SUFFIXES: tuple[str, ...] = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")
MAX_BYTES = 50 * 1024 * 1024
_NO_TEXT = "{} holds no text. Remove it or put its text in."
_SMALL = 32 * 1024  # so little text takes no parser long
_PLAIN = 512 * 1024  # nor so little plain text, whatever is in it


def read_pages(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read a file of the corpus into pages of lines.

    Raises CorpusError, naming the file, when the format is unknown or the bytes do not fit it.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(
            f"{shown(name)}: the format {shown(suffix)} is unknown; expected "
            f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}."
        )
    if len(data) > MAX_BYTES:
        raise CorpusError(
            f"{shown(name)}: {len(data):,} bytes; at most {MAX_BYTES:,} are read. Split the file."
        )
    if not data:
        raise CorpusError(_NO_TEXT.format(shown(name)))
    here = len(data) <= (_PLAIN if suffix == ".txt" else _SMALL) and suffix != ".pdf"
    pages = reader_of(suffix)(name, data) if here else read_confined(name, suffix, data)
    if not any(page.doubt or any(line.text for line in page.lines) for page in pages):
        raise CorpusError(_NO_TEXT.format(shown(name)))
    return pages


def reader_of(suffix: str) -> Reader:
    """Give the reader of a format; its library is imported only now."""
    if suffix == ".txt":
        return txt.read
    if suffix == ".md":
        from dipnot.formats import markdown  # noqa: PLC0415 - only who has such a file

        return markdown.read
    if suffix == ".pdf":
        from dipnot.formats.pdf import reading  # noqa: PLC0415 - as above

        return reading.read
    if suffix == ".docx":
        from dipnot.formats import docx  # noqa: PLC0415 - as above

        return docx.read
    from dipnot.formats import html  # noqa: PLC0415 - as above

    return html.read
