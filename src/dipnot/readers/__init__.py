"""One file format each: bytes to pages of lines.

Owns: which formats can be read. Knows nothing of paragraphs, headings or footnote markers.
"""

from __future__ import annotations

from pathlib import Path

from dipnot.errors import CorpusError, shown
from dipnot.readers import txt
from dipnot.types import SourcePage

SUFFIXES: tuple[str, ...] = (".txt",)
MAX_BYTES = 50 * 1024 * 1024


def read_pages(name: str, data: bytes) -> tuple[SourcePage, ...]:
    """Read a file of the corpus into pages of lines.

    Raises CorpusError, naming the file, when the format is unknown or the bytes do not fit it.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(f"{shown(name)}: the format {shown(suffix)} is unknown; expected .txt.")
    if len(data) > MAX_BYTES:
        raise CorpusError(
            f"{shown(name)}: {len(data):,} bytes; at most {MAX_BYTES:,} are read. Split the file."
        )
    pages = txt.read(name, data)
    if not any(line.text for page in pages for line in page.lines):
        raise CorpusError(f"{shown(name)} holds no text. Remove it or put its text in.")
    return pages
