"""What headings call the parts of a text.

Owns: the names of lists of sources and of lists of notes, in Turkish and English.
"""

from __future__ import annotations

import re

from dipnot.language.folding import fold

_SOURCES = frozenset(
    (
        "kaynakca", "kaynaklar", "kaynak listesi", "yararlanilan kaynaklar", "secilmis kaynakca",
        "bibliyografya", "kaynakca/references", "references", "reference list", "bibliography",
        "select bibliography", "selected bibliography", "works cited", "literature cited",
    )
)  # fmt: skip
_NOTES = frozenset(
    (
        "notlar", "not", "dipnotlar", "dipnot", "sonnotlar", "son notlar", "sonnot", "notlari",
        "aciklayici notlar", "bolum notlari", "bolum sonu notlari", "notes", "note", "endnotes",
        "end notes", "footnotes", "foot notes", "explanatory notes", "chapter notes",
        "notes to the text",
    )
)  # fmt: skip
_ORDER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*|[ivx]+)[.)]?\s+(?=\w)")  # `7. KAYNAKÇA`


def lists_sources(heading: str) -> bool:
    """Tell whether a bibliography stands under this heading."""
    return _plain(heading) in _SOURCES


def lists_notes(heading: str) -> bool:
    """Tell whether notes stand under this heading."""
    return len(heading) <= 40 and _plain(heading) in _NOTES


def _plain(heading: str) -> str:
    return _ORDER.sub("", fold(heading).strip()).rstrip(" :.").strip("[]() ")
