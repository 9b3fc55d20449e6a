"""Where a range of a text is shown: the addresses that citations carry.

Owns: their form. It stands apart from the pages themselves, so that a command that only names
addresses need not load a web framework.
"""

from __future__ import annotations

from urllib.parse import quote

from dipnot.types import Span


def address_of(doc_id: str, page: int, span: Span) -> str:
    """The address of a range of a text, which begins on a page."""
    return f"/text/{quote(doc_id, safe='')}/p{page}#c{span.start}-{span.end}"
